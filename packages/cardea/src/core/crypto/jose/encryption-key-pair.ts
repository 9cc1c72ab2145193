import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { DecryptionKey, KeyEncryption } from './decrypt-jwe.ts'
import { generatedKey } from './generated-key.ts'
import { jwkThumbprint } from './thumbprint.ts'
import type { PublicJwk } from './verification-key.ts'

/** A key of ours, to which others encrypt in one way (RFC 8725bis §3.1). */
export interface EncryptionKeyPair extends DecryptionKey {
  /** As it is published (RFC 7517): public members, `kid`, `alg` and `use`. */
  readonly publicJwk: PublicJwk
}

async function pairOf(privateKey: KeyObject, alg: KeyEncryption, kid: string | undefined): Promise<EncryptionKeyPair> {
  const members = createPublicKey(privateKey).export({ format: 'jwk' }) as PublicJwk
  if (members.kty !== (alg.startsWith('RSA') ? 'RSA' : 'EC')) throw new TypeError(`encryption key: does not fit ${alg}`)
  const name = kid ?? jwkThumbprint(members)
  return { kid: name, alg, privateKey, publicJwk: { ...members, kid: name, alg, use: 'enc' } }
}

/** From a private JWK. @throws TypeError for what is no private key, or does not fit the algorithm */
export function encryptionKeyPairFrom(jwk: JsonWebKey, alg: KeyEncryption): Promise<EncryptionKeyPair> {
  return pairOf(createPrivateKey({ key: jwk, format: 'jwk' }), alg, typeof jwk.kid === 'string' ? jwk.kid : undefined)
}

/** A new key: RSA of 2048 bits, or P-256. */
export async function generateEncryptionKeyPair(alg: KeyEncryption): Promise<EncryptionKeyPair> {
  const privateKey = await generatedKey(alg.startsWith('RSA') ? 'RSA' : { crv: 'P-256' })
  return pairOf(privateKey, alg, undefined)
}
