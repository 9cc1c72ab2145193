import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

export type RsaHash = 'sha1' | 'sha256' | 'sha512'

/** Minted by `rsaPublicKeyFrom` only, so that no other kind of key is ever verified with. */
export type RsaPublicKey = KeyObject & { readonly __brand: 'RsaPublicKey' }

const modulus = { least: 1024, most: 8192 } as const

/**
 * A public key from PEM: SPKI, PKCS#1 or an X.509 certificate. Undefined for anything else, a private key included:
 * whoever registered one should have kept it. Moduli of 1024 to 8192 bits are taken; fewer than 2048 are legacy.
 */
export function rsaPublicKeyFrom(pem: string): RsaPublicKey | undefined {
  if (pem.includes('PRIVATE KEY')) return undefined
  try {
    const key = createPublicKey(pem)
    const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
    // With an exponent of 1 every signature is its own message: anybody could sign.
    const sound = modulusLength >= modulus.least && modulusLength <= modulus.most && publicExponent >= 3n
    return key.asymmetricKeyType === 'rsa' && sound ? (key as RsaPublicKey) : undefined
  } catch {
    return undefined
  }
}

/** One spelling per signature: decoders skip characters and bits, and then several texts are the same signature. */
function canonicalBase64(text: string): Buffer | undefined {
  if (text.length > modulus.most / 4) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

/** RSASSA-PKCS1-v1_5 over UTF-8 text (RFC 8017 §8.2). False, never a throw, for a signature that is no base64. */
export function rsaVerify(hash: RsaHash, key: RsaPublicKey, text: string, signature: string): boolean {
  const bytes = canonicalBase64(signature)
  if (bytes === undefined) return false
  try {
    return verify(hash, Buffer.from(text), key, bytes)
  } catch {
    return false
  }
}

/** RSASSA-PKCS1-v1_5, base64. Throws TypeError for what is no RSA private key in PEM. */
export function rsaSign(hash: RsaHash, privateKeyPem: string, text: string): string {
  let key: KeyObject
  try {
    key = createPrivateKey(privateKeyPem)
  } catch (cause) {
    throw new TypeError('rsaPrivateKey: not a private key in PEM', { cause })
  }
  if (key.asymmetricKeyType !== 'rsa') throw new TypeError('rsaPrivateKey: not an RSA key')
  return sign(hash, Buffer.from(text), key).toString('base64')
}
