import { badRequest } from './errors.ts'

const unreserved = /^[A-Za-z0-9\-._~]*$/
const leftByUriComponent = /[!'()*]/g
const nonAscii = /[^\0-\x7f]+/g
/** What stands where octets were lost in decoding the request, so that a signature over it could cover other octets. */
const lostOctets = '\ufffd'

const escapeOf = (octet: number): string => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`

/** Each ASCII character in the only spelling that RFC 5849 §3.6 leaves it. */
const spelling: readonly string[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  return unreserved.test(character) ? character : escapeOf(code)
})

/** RFC 5849 §3.6: all but unreserved characters as upper-case escapes of UTF-8. A lone surrogate counts as U+FFFD. */
export function percentEncode(text: string): string {
  if (unreserved.test(text)) return text
  return encodeURIComponent(text.toWellFormed()).replace(leftByUriComponent, (it) => escapeOf(it.charCodeAt(0)))
}

/** Throws `invalid_request` for an incomplete escape and for octets that are not UTF-8. A `+` stays a `+`. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw badRequest('malformed_encoding', 'A parameter is not valid percent-encoded UTF-8')
  }
}

/** -1 for what is no hexadecimal digit. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** 0 to 255, or -1 for what is no pair of digits. parseInt would take ` 1`, `1g` and `-1`. */
function octetAt(text: string, index: number): number {
  const high = digitOf(text.charCodeAt(index))
  const low = digitOf(text.charCodeAt(index + 1))
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

const percent = 0x25
const plus = 0x2b

/**
 * RFC 5849 §3.4.1.3.1, §3.6: one name or value of a query or form body, as sent, decoded and encoded again, octet by
 * octet: two spellings of the same octets come out equal, and octets that are not UTF-8 come through as they are.
 * Undefined for a broken escape, which different servers would read differently.
 */
export function respelled(raw: string): string | undefined {
  if (unreserved.test(raw)) return raw
  if (!raw.isWellFormed() || raw.includes(lostOctets)) return undefined
  const ascii = raw.replace(nonAscii, encodeURIComponent)
  let out = ''
  for (let index = 0; index < ascii.length; index += 1) {
    const code = ascii.charCodeAt(index)
    if (code === percent) {
      const octet = octetAt(ascii, index + 1)
      if (octet === -1) return undefined
      out += spelling[octet] ?? escapeOf(octet)
      index += 2
    } else out += code === plus ? '%20' : spelling[code]
  }
  return out
}
