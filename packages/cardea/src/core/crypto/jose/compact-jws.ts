import { JwtRefused } from './jwt-refused.ts'
import { isJsonObject, type JsonObject, strictJson } from './strict-json.ts'

/** A JWS in compact form, taken apart. Nothing in it is verified. */
export interface CompactJws {
  readonly header: JsonObject
  /** Text of the payload, which is UTF-8. */
  readonly payload: string
  readonly signature: Buffer
  /** RFC 7515 §5.1: what is signed. */
  readonly signingInput: string
}

/** Decoders skip characters, padding and bits; then several texts would be one token, and a block list useless. */
export function strictBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textFrom(part: string): string {
  const bytes = strictBase64url(part)
  if (bytes === undefined) throw new JwtRefused('malformed', 'not base64url')
  try {
    return utf8.decode(bytes)
  } catch {
    throw new JwtRefused('malformed', 'not UTF-8')
  }
}

export function jsonObjectFrom(text: string, whenNoObject: 'malformed' | 'payload_not_an_object'): JsonObject {
  const parsed = strictJson(text)
  if ('problem' in parsed) {
    throw new JwtRefused(parsed.problem === 'duplicate_member' ? 'duplicate_member' : 'malformed', parsed.problem)
  }
  if (!isJsonObject(parsed.value)) throw new JwtRefused(whenNoObject, 'not an object')
  return parsed.value
}

/**
 * RFC 7515 §5.2, steps 1 to 4 and 7: compact serialization only.
 * @throws JwtRefused
 */
export function readCompactJws(text: string, maxBytes: number): CompactJws {
  // Before anything is decoded: what is decoded costs memory several times over (CVE-2025-61920).
  if (text.length > maxBytes) throw new JwtRefused('too_large')
  const parts = text.split('.', 6)
  // A JWE made with our own public key decrypts to whatever its maker likes; it is no signature (CVE-2022-39174).
  if (parts.length === 5) throw new JwtRefused('encrypted')
  const [head, body, mark] = parts
  if (parts.length !== 3 || !head || !body || !mark) throw new JwtRefused('malformed', 'not three parts')
  const header = jsonObjectFrom(textFrom(head), 'malformed')
  const signature = strictBase64url(mark)
  if (signature === undefined) throw new JwtRefused('malformed', 'not base64url')
  return { header, payload: textFrom(body), signature, signingInput: text.slice(0, head.length + 1 + body.length) }
}
