import type { Client, ClientExtensions } from '../../core/model/client.ts'
import type { Value } from './database.ts'

type Kind = 'plain' | 'json' | 'flag'
type Known = keyof { [Key in keyof Client as string extends Key ? never : Key]: Client[Key] }

// A policy is code of the host: there is nothing to store.
type Member = Exclude<Known, keyof ClientExtensions | 'policy'>

/** Every member but the extensions has a column of its name. */
const columns: Readonly<Record<Member, Kind>> = {
  client_id: 'plain',
  client_name: 'plain',
  redirect_uris: 'json',
  grant_types: 'json',
  response_types: 'json',
  token_endpoint_auth_method: 'plain',
  application_type: 'plain',
  scope: 'plain',
  client_uri: 'plain',
  logo_uri: 'plain',
  policy_uri: 'plain',
  tos_uri: 'plain',
  contacts: 'json',
  client_id_issued_at: 'plain',
  client_secret_expires_at: 'plain',
  client_secret_hash: 'plain',
  pkce: 'json',
  first_party: 'flag',
  introspect_any: 'flag',
  response_modes: 'json',
  oauth1: 'json',
  disabled: 'flag',
}

/** Kept together in one column: few clients have any, and nothing searches for them. */
const extensionNames: Readonly<Record<keyof ClientExtensions, true>> = {
  jwks: true,
  jwks_uri: true,
  token_endpoint_auth_signing_alg: true,
  tls_client_auth_subject_dn: true,
  tls_client_auth_san_dns: true,
  tls_client_auth_san_uri: true,
  tls_client_auth_san_ip: true,
  tls_client_auth_san_email: true,
  tls_client_certificate_bound_access_tokens: true,
  dpop_bound_access_tokens: true,
  require_signed_request_object: true,
  request_object_signing_alg: true,
  request_object_encryption_alg: true,
  request_object_encryption_enc: true,
  request_uris: true,
  require_pushed_authorization_requests: true,
  authorization_signed_response_alg: true,
  authorization_encrypted_response_alg: true,
  authorization_encrypted_response_enc: true,
  introspection_signed_response_alg: true,
  introspection_encrypted_response_alg: true,
  introspection_encrypted_response_enc: true,
  authorization_details_types: true,
  software_id: true,
  software_version: true,
  software_statement: true,
  sealed_secret: true,
  resources: true,
  registration_access_token_digest: true,
  registration_policy: true,
  unapproved: true,
  consents_since: true,
  unused_until: true,
  client_document_read: true,
  localhost_any_port: true,
  redirect_schemes: true,
}

export const clientColumns = [...Object.keys(columns), 'extensions']

const kinds = Object.entries(columns) as [Member, Kind][]
const extensionMembers = Object.keys(extensionNames) as (keyof ClientExtensions)[]

export type ClientRow = Readonly<Record<Member | 'extensions', Value>>

function extensionsOf(client: Client): string | null {
  const given = extensionMembers.filter((name) => client[name] !== undefined)
  return given.length === 0 ? null : JSON.stringify(Object.fromEntries(given.map((name) => [name, client[name]])))
}

export const clientValues = (client: Client): Value[] => [
  ...kinds.map(([name, kind]) => {
    const value = client[name]
    if (value === undefined) return null
    if (kind === 'json') return JSON.stringify(value)
    return kind === 'flag' ? Number(value) : (value as Value)
  }),
  extensionsOf(client),
]

export function clientFrom(row: ClientRow): Client {
  const client: Partial<Record<Member, unknown>> = {}
  for (const [name, kind] of kinds) {
    const value = row[name]
    if (value === null) continue
    if (kind === 'plain') client[name] = value
    else client[name] = kind === 'flag' ? value === 1 : JSON.parse(String(value))
  }
  const extensions = row.extensions === null ? {} : JSON.parse(String(row.extensions))
  return { ...client, ...extensions } as unknown as Client
}
