import type { Provider } from '../provider.ts'
import type { Protects, TokenInfo } from '../resource-guard.ts'

/** What adapters serve: a provider, or an `AuthorizationServer`, whose users are what the host has. */
export interface Served extends Pick<Provider, 'handle' | 'handles'>, Protects<TokenInfo<unknown>> {}
