import { digestOf, equalInConstantTime } from '../../core/crypto/digest.ts'
import { mintToken } from '../../core/crypto/token-text.ts'
import type { Client } from '../../core/model/client.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { digestOfReadableSecret, mintClientSecret } from '../client-auth/client-secret.ts'
import { clientSecretsOf } from '../client-auth/sealed-client-secret.ts'

/** Members of a client that hold what its secret is compared with. */
type StoredSecret = Pick<Client, 'client_secret_hash' | 'sealed_secret' | 'client_secret_expires_at'>

export interface Credentials {
  readonly stored: StoredSecret
  /** Shown once; undefined where none was made. */
  readonly secret: string | undefined
}

const sentSecrets = ['client_secret_basic', 'client_secret_post']

const signed = [
  'request_object_signing_alg',
  'authorization_signed_response_alg',
  'introspection_signed_response_alg',
] as const

/** An HMAC is checked against the secret itself, which is sealed for that. */
const signsWithSecret = (client: Client): boolean =>
  client.token_endpoint_auth_method === 'client_secret_jwt' || signed.some((name) => client[name]?.startsWith('HS'))

/** T-DCR-4: which secrets a client of this kind needs; none is made that could be used instead of what it registered. */
const needsOf = (client: Client) => ({
  hash: sentSecrets.includes(client.token_endpoint_auth_method),
  sealed: signsWithSecret(client),
})

function stored(engine: Engine, client: Client, secret: string, lifetime: number): StoredSecret {
  const { hash, sealed } = needsOf(client)
  return {
    ...(hash && { client_secret_hash: digestOfReadableSecret(secret) }),
    ...(sealed && { sealed_secret: clientSecretsOf(engine.keyring).seal(client.client_id, secret) }),
    client_secret_expires_at: lifetime === 0 ? 0 : engine.clock.now() + lifetime,
  }
}

const isOver = (engine: Engine, { client_secret_expires_at: end = 0 }: StoredSecret): boolean =>
  end > 0 && engine.clock.now() >= end

/** HS512 takes no shorter secret (RFC 7518 §3.2). */
const sealedSecretLength = 96

/**
 * What a client needs to prove itself by the method it is registered for. Kept from `before` where that is of the same
 * kind and still good; made otherwise.
 * @param lifetime of a new secret, in seconds; 0: it does not expire
 */
export function credentialsFor(
  engine: Engine,
  client: Client,
  before: Client | undefined,
  lifetime: number,
): Credentials {
  const { hash, sealed } = needsOf(client)
  if (!hash && !sealed) return { stored: {}, secret: undefined }
  const isSameKind =
    before !== undefined &&
    hash === (before.client_secret_hash !== undefined) &&
    sealed === (before.sealed_secret !== undefined)
  if (isSameKind && !isOver(engine, before)) {
    const { client_secret_hash, sealed_secret, client_secret_expires_at = 0 } = before
    return {
      stored: {
        ...(client_secret_hash !== undefined && { client_secret_hash }),
        ...(sealed_secret !== undefined && { sealed_secret }),
        client_secret_expires_at,
      },
      secret: undefined,
    }
  }
  const secret = sealed ? mintToken('clientSecret', sealedSecretLength) : mintClientSecret()
  return { stored: stored(engine, client, secret, lifetime), secret }
}

/** Whether this is the client's secret, as it is stored. */
export function isSecretOf({ keyring }: Engine, client: Client, secret: string): boolean {
  const { client_id, client_secret_hash: hash, sealed_secret: sealed } = client
  if (hash !== undefined) return equalInConstantTime(hash, digestOfReadableSecret(secret))
  const open = sealed === undefined ? undefined : clientSecretsOf(keyring).open(client_id, sealed)
  return open !== undefined && equalInConstantTime(open, secret)
}

/** RFC 7591 §1.2: lets its holder register clients, as long as its digest is kept. Shown once. */
export function mintInitialAccessToken(): { readonly token: string; readonly digest: TokenDigest } {
  const token = mintToken('initialAccess')
  return { token, digest: digestOf(token) }
}

/** RFC 7592 §1.2: lets the client read and change its registration, and nothing else anywhere. */
export function mintRegistrationToken() {
  const token = mintToken('registration')
  return { token, digest: digestOf(token) }
}
