import { constants, createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto'
import { algorithmFacts, type SigningAlgorithm } from './algorithms.ts'
import { derFrom, rawFrom } from './ecdsa-encoding.ts'

function keyInput(alg: SigningAlgorithm, key: KeyObject) {
  if (!algorithmFacts(alg).pss) return key
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
}

const hmac = (hash: string, key: KeyObject, data: string): Buffer => createHmac(hash, key).update(data).digest()

/** The raw signature. Throws where key and algorithm do not fit. */
export function signatureOf(alg: SigningAlgorithm, key: KeyObject, data: string): Buffer {
  const { kty, hash, signatureBytes } = algorithmFacts(alg)
  if (kty === 'oct') return hmac(hash as string, key, data)
  const signature = sign(hash, Buffer.from(data), keyInput(alg, key))
  return kty === 'EC' ? rawFrom(signature, signatureBytes as number) : signature
}

/** False, never a throw, for a signature that cannot be one. */
export function isSignatureOf(alg: SigningAlgorithm, key: KeyObject, data: string, signature: Buffer): boolean {
  const { kty, hash, signatureBytes } = algorithmFacts(alg)
  if (signatureBytes !== undefined && signature.length !== signatureBytes) return false
  if ((kty === 'oct') !== (key.type === 'secret')) return false
  if (kty === 'oct') return timingSafeEqual(hmac(hash as string, key, data), signature)
  try {
    // RFC 7518 §3.4: r and s side by side, of fixed length; what comes as DER has another one.
    return verify(hash, Buffer.from(data), keyInput(alg, key), kty === 'EC' ? derFrom(signature) : signature)
  } catch {
    return false
  }
}
