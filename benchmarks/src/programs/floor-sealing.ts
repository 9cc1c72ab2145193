import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, randomFillSync } from 'node:crypto'

const IV_BYTES = 12
const TAG_BYTES = 16
const key = createSecretKey(randomBytes(32))
const ivs = Buffer.alloc(IV_BYTES * 512)
let used = ivs.length

function newIv(): Buffer {
  if (used === ivs.length) {
    randomFillSync(ivs)
    used = 0
  }
  used += IV_BYTES
  return ivs.subarray(used - IV_BYTES, used)
}

/** A secret that is needed again as it stands in the database: AES-256-GCM, as a token stands there as its digest. */
export function seal(secret: string): string {
  const iv = newIv()
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  const sealed = Buffer.concat([iv, cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')
}

/** Throws when it was changed. */
export function open(sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
}
