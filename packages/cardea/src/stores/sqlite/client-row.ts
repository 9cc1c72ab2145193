import type { Client } from '../../core/model/client.ts'
import type { Value } from './database.ts'

type Kind = 'plain' | 'json' | 'flag'
type Member = keyof { [Key in keyof Client as string extends Key ? never : Key]: Client[Key] }

/** Every member has a column of its name. */
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

export const clientColumns = Object.keys(columns)

const kinds = Object.entries(columns) as [Member, Kind][]

export type ClientRow = Readonly<Record<Member, Value>>

export const clientValues = (client: Client): Value[] =>
  kinds.map(([name, kind]) => {
    const value = client[name]
    if (value === undefined) return null
    if (kind === 'json') return JSON.stringify(value)
    return kind === 'flag' ? Number(value) : (value as Value)
  })

export function clientFrom(row: ClientRow): Client {
  const client: Partial<Record<Member, unknown>> = {}
  for (const [name, kind] of kinds) {
    const value = row[name]
    if (value === null) continue
    if (kind === 'plain') client[name] = value
    else client[name] = kind === 'flag' ? value === 1 : JSON.parse(String(value))
  }
  return client as unknown as Client
}
