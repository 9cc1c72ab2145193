import { randomUUID } from 'node:crypto'
import type { Client, Resource, Scope, StoredUser } from 'cardea'
import { isOAuth1Only, oauth1RowFrom, registrationFrom } from './oauth1-registration.ts'
import { type ClientRow, clientRow, type ResourceRow, type ScopeRow, type UserRow } from './rows.ts'

import { secretKindOf } from './secret-kind.ts'

type Unset<T> = { [K in keyof T]: T[K] | undefined }

/** Leaves out what is not set: an absent key and one that holds `undefined` are not the same to a store. */
export function withoutUnset<T extends object>(value: Unset<T>): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T
}

const responseTypesFor = (grantTypes: readonly string[]): readonly string[] => [
  ...(grantTypes.includes('authorization_code') ? ['code'] : []),
  ...(grantTypes.includes('implicit') ? ['token'] : []),
]

const isDeclared = (name: string): boolean => Object.hasOwn(clientRow.shape, name)

/** What no row can say, such as what a client has registered of itself, stays as it is stored. */
const undeclared = (stored: Client | undefined): Partial<Client> =>
  Object.fromEntries(Object.entries(stored ?? {}).filter(([name]) => !isDeclared(name)))

/**
 * The client a row declares; its secrets are not dealt with. What a row does not say has the default of RFC 7591 §2,
 * except secrets and `disabled`, which stay as they are stored.
 */
export function clientFrom(row: ClientRow, stored: Client | undefined, now: number): Client {
  const { client_secret: _1, client_secret_hash: _2, oauth1, ...said } = row
  const signsOnly = isOAuth1Only(row)
  const grantTypes = row.grant_types ?? (signsOnly ? [] : ['authorization_code'])
  const method = row.token_endpoint_auth_method ?? (signsOnly ? 'none' : 'client_secret_basic')
  const kind = secretKindOf({ token_endpoint_auth_method: method })
  return withoutUnset<Client>({
    ...undeclared(stored),
    ...said,
    client_id: row.client_id,
    client_name: row.client_name ?? row.client_id,
    redirect_uris: row.redirect_uris ?? [],
    grant_types: grantTypes,
    response_types: row.response_types ?? responseTypesFor(grantTypes),
    token_endpoint_auth_method: method,
    application_type: row.application_type ?? 'web',
    client_id_issued_at: stored?.client_id_issued_at ?? now,
    client_secret_hash: kind === 'hashed' ? stored?.client_secret_hash : undefined,
    sealed_secret: kind === 'sealed' ? stored?.sealed_secret : undefined,
    client_secret_expires_at:
      kind === 'none' ? undefined : (row.client_secret_expires_at ?? stored?.client_secret_expires_at) || undefined,
    disabled: (row.disabled ?? stored?.disabled) || undefined,
    first_party: row.first_party || undefined,
    introspect_any: row.introspect_any || undefined,
    oauth1: oauth1 === undefined ? undefined : registrationFrom(oauth1, stored?.oauth1),
  })
}

/** The end of an old secret goes with it, unless the row says an end. */
export function withoutOldEnd(client: Client, row: ClientRow): Client {
  const { client_secret_expires_at: _, ...others } = client
  return row.client_secret_expires_at === undefined ? others : client
}

/** The client with another secret. */
export const withSecretHash = (client: Client, row: ClientRow, hash: string): Client => ({
  ...withoutOldEnd(client, row),
  client_secret_hash: hash,
})

/** The row that declares a stored client as it is: what a change by the command line starts from. */
export function rowFrom(client: Client): ClientRow {
  const { client_id_issued_at: _1, client_secret_hash: _2, client_secret_expires_at: _3, oauth1, ...said } = client
  const declared = Object.entries(said).filter(([name]) => isDeclared(name))
  return structuredClone({
    ...Object.fromEntries(declared),
    ...(oauth1 !== undefined && { oauth1: oauth1RowFrom(oauth1) }),
  }) as ClientRow
}

/** The user a row declares; the password is not dealt with. */
export function userFrom(row: UserRow, stored: StoredUser | undefined, now: number): StoredUser {
  return withoutUnset<StoredUser>({
    id: stored?.id ?? randomUUID(),
    username: row.username,
    email: row.email,
    name: row.name,
    disabled: (row.disabled ?? stored?.disabled) || undefined,
    password_hash: stored?.password_hash,
    created_at: stored?.created_at ?? now,
  })
}

export const scopeFrom = (row: ScopeRow): Scope => ({
  name: row.name,
  description: row.description ?? row.name,
  is_default: row.is_default ?? false,
})

export const resourceFrom = (row: ResourceRow): Resource => ({ ...row, name: row.name ?? row.identifier })
