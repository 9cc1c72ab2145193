import type { Client } from '../../core/model/client.ts'
import { metadataMembers } from './client-metadata.ts'

const hasSecret = ({ client_secret_hash: hash, sealed_secret: sealed }: Client): boolean =>
  hash !== undefined || sealed !== undefined

export interface Shown {
  /** URL of the registered client (RFC 7592 §3). */
  readonly uri: string
  readonly registrationToken: string
  /** Only in the answer that made it. */
  readonly secret?: string | undefined
}

/**
 * RFC 7591 §3.2.1, RFC 7592 §3: everything that is registered, defaults included, and nothing that is the operator's. A
 * secret is stored as a digest and cannot be told again.
 */
export function clientInformation(client: Client, { uri, registrationToken, secret }: Shown): Record<string, unknown> {
  const registered = metadataMembers.filter((member) => client[member] !== undefined)
  return {
    client_id: client.client_id,
    client_id_issued_at: client.client_id_issued_at,
    ...(secret !== undefined && { client_secret: secret }),
    ...(hasSecret(client) && { client_secret_expires_at: client.client_secret_expires_at ?? 0 }),
    ...Object.fromEntries(registered.map((member) => [member, client[member]])),
    ...(client.software_statement !== undefined && { software_statement: client.software_statement }),
    registration_client_uri: uri,
    registration_access_token: registrationToken,
  }
}
