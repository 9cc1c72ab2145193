import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { isHmac, type SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import type { PublicJwk } from '../../core/crypto/jose/verification-key.ts'
import type { AttackKey } from './attack.ts'

/** A sound key that nobody has registered. */
export async function attackerKey(alg: SigningAlgorithm): Promise<AttackKey> {
  if (!isHmac(alg)) return generateSigningKey(alg)
  const secret = randomBytes(64)
  const publicJwk = { kty: 'oct', k: secret.toString('base64url'), kid: 'attacker' }
  return { alg, kid: 'attacker', privateKey: createSecretKey(secret), publicJwk }
}

/** RSA of 1024 bits, which can be factored (RFC 7518 §3.3). */
export function weakKey(): AttackKey & { readonly publicJwk: PublicJwk } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const publicJwk = { ...publicKey.export({ format: 'jwk' }), kty: 'RSA', kid: 'weak' }
  return { alg: 'RS256', kid: 'weak', privateKey, publicJwk }
}
