import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { algorithmFacts, isHmac, type SigningAlgorithm } from './algorithms.ts'
import { generatedKey } from './generated-key.ts'
import { JwtRefused } from './jwt-refused.ts'
import { jwkThumbprint } from './thumbprint.ts'
import { type PublicJwk, publicKeyFrom } from './verification-key.ts'

/** A key of ours, which signs with one algorithm (RFC 8725bis §3.1). */
export interface SigningKey {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly privateKey: KeyObject
  /** As it is published (RFC 7517): public members, `kid`, `alg` and `use`. */
  readonly publicJwk: PublicJwk
}

/**
 * A signing key from a private JWK. `alg` is the member of the key unless given; `kid` the thumbprint unless there is one.
 * @throws TypeError for what is no private key, or does not fit the algorithm, or is too weak
 */
export async function signingKeyFrom(jwk: JsonWebKey, alg = jwk.alg as SigningAlgorithm): Promise<SigningKey> {
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  } catch (cause) {
    throw new TypeError('signing key: not a private key (RFC 7517)', { cause })
  }
  return signingKeyOf(privateKey, alg, typeof jwk.kid === 'string' ? jwk.kid : undefined)
}

async function signingKeyOf(
  privateKey: KeyObject,
  alg: SigningAlgorithm,
  kid: string | undefined,
): Promise<SigningKey> {
  try {
    const members = createPublicKey(privateKey).export({ format: 'jwk' })
    const { jwk, algorithms } = publicKeyFrom({ ...members, alg })
    if (jwk === undefined || !algorithms.includes(alg)) throw new JwtRefused('unknown_key')
    const name = kid ?? jwkThumbprint(jwk)
    return { kid: name, alg, privateKey, publicJwk: { ...jwk, kid: name, alg, use: 'sig' } }
  } catch (cause) {
    throw new TypeError(`signing key: does not fit ${JSON.stringify(alg)}, or is too weak`, { cause })
  }
}

/** A new key. RSA ones have 2048 bits. @throws TypeError for an HMAC, whose secret is shared and not generated here */
export function generateSigningKey(alg: SigningAlgorithm): Promise<SigningKey> {
  if (isHmac(alg)) throw new TypeError('signing key: an HMAC has no key pair')
  const { kty, crv } = algorithmFacts(alg)
  const kind = kty === 'RSA' ? kty : kty === 'OKP' ? 'Ed25519' : { crv: crv as string }
  return generatedKey(kind).then((privateKey) => signingKeyOf(privateKey, alg, undefined))
}
