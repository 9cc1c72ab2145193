import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { randomBuffer } from './random.ts'

const algorithm = 'aes-256-gcm'
const ivLength = 12
const tagLength = 16

/**
 * AES-256-GCM: whoever changes a stored value, or has only the database, learns and gains nothing. `boundTo` names whose
 * value it is: moved to another's place, it opens for nobody.
 */
export function sealWith(key: KeyObject, text: string, boundTo = ''): string {
  const iv = randomBuffer(ivLength)
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagLength })
  cipher.setAAD(Buffer.from(boundTo, 'utf8'))
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')
}

/** Undefined for what was sealed under another key or for somebody else, or changed since. */
export function openWith(key: KeyObject, sealed: string, boundTo = ''): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < ivLength + tagLength) return undefined
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivLength), { authTagLength: tagLength })
  decipher.setAAD(Buffer.from(boundTo, 'utf8'))
  decipher.setAuthTag(bytes.subarray(bytes.length - tagLength))
  try {
    const text = decipher.update(bytes.subarray(ivLength, bytes.length - tagLength))
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
