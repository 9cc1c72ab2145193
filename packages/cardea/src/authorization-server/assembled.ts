import type { HostUser } from '../core/ports/host-sign-in.ts'
import type { Store } from '../core/ports/store.ts'
import type { Grant } from '../oauth2/token/grant.ts'
import { createProvider, type Provider } from '../provider.ts'
import type { Supported } from '../supported.ts'
import type { HostClient } from './client-model.ts'
import { AuthorizationCodeGrant } from './grants/authorization-code-grant.ts'
import { hostAccounts } from './host-accounts.ts'
import { type Originals, withHostClients } from './host-clients.ts'
import { withHostCodes } from './host-code-store.ts'
import { withScopes } from './host-scopes.ts'
import { withHostTokens } from './host-token-store.ts'
import type { AuthorizationServerOptions } from './options.ts'
import type { Registrations } from './registrations.ts'

/** Nobody asks for a client before there is a server. */
const nothing: Supported = { grantTypes: [], responseTypes: [], authMethods: [] }

const watching = (grants: readonly Grant[] = []): readonly AuthorizationCodeGrant[] =>
  grants.filter((grant) => grant instanceof AuthorizationCodeGrant)

function checked({ clients, users, accounts }: AuthorizationServerOptions<string, HostUser, HostClient>): void {
  if (clients !== undefined && typeof clients.find !== 'function')
    throw new TypeError('clients: must have find(clientId)')
  if (users !== undefined && typeof users.find !== 'function') throw new TypeError('users: must have find(userId)')
  if (users !== undefined && accounts !== undefined)
    throw new TypeError('users: are of no use beside accounts; give one of them')
}

/**
 * The engine behind the verbs: the options, what was registered, and the host's models in front of the store.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function assembled<Name extends string, User extends HostUser, Row extends HostClient>(
  options: AuthorizationServerOptions<Name, User, Row>,
  registered: Registrations,
  originals: Originals<Row>,
): Provider {
  checked(options)
  const { clients, users, scopes, codes, tokens, trustProxy: _, maxBodyBytes: __, ...own } = options
  const all = registered.close(own)
  let provider: Provider | undefined
  const failed = (error: unknown) => provider?.engine.emit({ type: 'internal_error', endpoint: 'token', error })
  let store: Store = options.store
  if (scopes !== undefined) store = withScopes(store, scopes)
  if (tokens !== undefined) store = withHostTokens(store, tokens)
  if (codes !== undefined) store = withHostCodes(store, codes)
  if (clients !== undefined) store = withHostClients(store, clients, () => provider?.supports ?? nothing, originals)
  for (const grant of watching(all.grants)) store = grant.watch(store, failed)
  provider = createProvider({ ...all, store, ...(users !== undefined && { accounts: hostAccounts(users) }) })
  return provider
}
