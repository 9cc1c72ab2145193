import type { Provider } from '../provider.ts'
import type { Protects, TokenInfo } from '../resource-guard.ts'

/** What answers at paths of its own: whatever `Served` is, or what `protectedResource` makes. */
export interface Answering extends Pick<Provider, 'handle' | 'handles'> {}

/** What adapters serve: a provider, or an `AuthorizationServer`, whose users are what the host has. */
export interface Served extends Answering, Protects<TokenInfo<unknown>> {}
