import type { KeyObject } from 'node:crypto'
import { jsonObjectFrom, strictBase64url } from './compact-jws.ts'
import { JwtRefused } from './jwt-refused.ts'

/**
 * Ways to hand over the key (RFC 7518 §4.1). RSA1_5 is not among them, since a server that decrypts it can be asked for
 * the plaintext; nor are passwords (PBES2), whose sender chooses how long we compute.
 */
export const keyEncryptions = [
  'RSA-OAEP-256',
  'RSA-OAEP',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
] as const

/** Name of a way to hand over the key of a JWE, as `alg` has it. */
export type KeyEncryption = (typeof keyEncryptions)[number]

/** Ciphers, all of them authenticated (RFC 7518 §5.1). */
export const contentEncryptions = [
  'A128GCM',
  'A192GCM',
  'A256GCM',
  'A128CBC-HS256',
  'A192CBC-HS384',
  'A256CBC-HS512',
] as const

/** Name of a cipher, as `enc` has it. */
export type ContentEncryption = (typeof contentEncryptions)[number]

/** A private key of ours, which decrypts in one way (RFC 8725bis §3.1). */
export interface DecryptionKey {
  readonly kid: string
  readonly alg: KeyEncryption
  readonly privateKey: KeyObject
}

export interface JwePolicy {
  readonly keys: readonly DecryptionKey[]
  /** Default: all there are. */
  readonly encryptions?: readonly ContentEncryption[]
  /** Most characters of the whole token; checked before anything is decoded. Default 16384. */
  readonly maxBytes?: number
}

const header = (text: string): ReturnType<typeof jsonObjectFrom> => {
  const bytes = strictBase64url(text)
  if (bytes === undefined) throw new JwtRefused('malformed')
  return jsonObjectFrom(bytes.toString(), 'malformed')
}

/** `zip`: a few bytes become gigabytes (CVE-2025-62706). The others name keys of the sender's choosing, or extensions. */
const neverAccepted = ['zip', 'crit', 'b64', 'jwk', 'jku', 'x5u', 'x5c', 'p2s', 'p2c'] as const

function keyFor(text: string, keys: readonly DecryptionKey[]): DecryptionKey {
  const said = header(text)
  const candidates = keys.filter(({ kid, alg }) => alg === said.alg && (said.kid === undefined || said.kid === kid))
  const [key] = candidates
  if (key === undefined || neverAccepted.some((name) => Object.hasOwn(said, name)))
    throw new JwtRefused('undecryptable')
  return key
}

/**
 * The text inside a JWE in compact form (RFC 7516 §5.2), such as a signed request object. It says nothing about who
 * wrote it: anybody has our public key. Every failure is the same one, so that nobody learns at which step it failed.
 * @throws JwtRefused `undecryptable`
 */
export async function decryptJwe(text: string, policy: JwePolicy): Promise<string> {
  const { keys, encryptions = contentEncryptions, maxBytes = 16_384 } = policy
  try {
    const parts = text.length > maxBytes ? [] : text.split('.', 6)
    // RFC 7516 §5.2: blanks, line breaks and loose bits would give one object many texts.
    if (parts.length !== 5 || parts.some((part) => strictBase64url(part) === undefined))
      throw new JwtRefused('malformed')
    const key = keyFor(parts[0] as string, keys)
    // Loaded when something has to be decrypted: starting does not wait for it.
    const { compactDecrypt } = await import('jose')
    const { plaintext } = await compactDecrypt(text, key.privateKey, {
      keyManagementAlgorithms: [key.alg],
      contentEncryptionAlgorithms: [...encryptions],
    })
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext)
  } catch {
    throw new JwtRefused('undecryptable')
  }
}
