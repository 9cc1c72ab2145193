import type { Client, ClientSecrets } from 'cardea'
import { InvalidInput } from '../config/problems.ts'

/** How the secret of a client is kept: as a hash, sealed where it signs with it, or not at all where it needs none. */
export type SecretKind = 'hashed' | 'sealed' | 'none'

const kinds: Readonly<Record<string, SecretKind>> = {
  client_secret_basic: 'hashed',
  client_secret_post: 'hashed',
  client_secret_jwt: 'sealed',
  private_key_jwt: 'none',
  tls_client_auth: 'none',
  self_signed_tls_client_auth: 'none',
  none: 'none',
}

/** By its `token_endpoint_auth_method`; one of a host's own is thought to have a secret. */
export const secretKindOf = ({
  token_endpoint_auth_method: method,
}: Pick<Client, 'token_endpoint_auth_method'>): SecretKind => kinds[method] ?? 'hashed'

const needSecrets =
  'secrets: are needed to seal the secret of a client that signs with it; set CARDEA_SECRETS to those of the server, or name its configuration with --config'

/** RFC 7518 §3.2: in bytes. */
const leastBytes = 32

/** What is wrong with a secret that a client is to sign with, or undefined. */
export const sealedSecretProblem = (secret: string): string | undefined =>
  Buffer.byteLength(secret) < leastBytes
    ? `client_secret: client_secret_jwt needs at least ${leastBytes} bytes (RFC 7518 §3.2)`
    : undefined

export function withSealedSecret(secrets: ClientSecrets | undefined, client: Client, secret: string): Client {
  if (secrets === undefined) throw new InvalidInput([needSecrets])
  return { ...client, sealed_secret: secrets.seal(client.client_id, secret) }
}

/** Sealed twice the same secret looks different: the stored one is opened. */
export function isStoredSealedSecret(
  secrets: ClientSecrets | undefined,
  stored: Client | undefined,
  secret: string,
): boolean {
  if (secrets === undefined) throw new InvalidInput([needSecrets])
  const sealed = stored?.sealed_secret
  return stored !== undefined && sealed !== undefined && secrets.open(stored.client_id, sealed) === secret
}
