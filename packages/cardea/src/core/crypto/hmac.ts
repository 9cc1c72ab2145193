import { createHmac } from 'node:crypto'

export type HmacHash = 'sha1' | 'sha256' | 'sha512'

/** Base64 with padding. Of a string key: Node takes several times as long for a Buffer. */
export const hmacBase64 = (hash: HmacHash, key: string, text: string): string =>
  createHmac(hash, key).update(text).digest('base64')
