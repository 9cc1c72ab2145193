const longest = 2048

/** A backslash, a blank or a line end would be read as something else by one of the parsers on the way. */
const plain = /^https?:\/\/[\x21-\x5b\x5d-\x7e]+$/i

/** RFC 3986 §6.2.2: an escape of a character that needs none is that character, and the others are in upper case. */
const normalEscapes = (path: string): string =>
  path.replace(/%[0-9a-f]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : escaped.toUpperCase()
  })

/**
 * RFC 9449 §4.3: an address without query and fragment, normalised by RFC 3986 §6.2.2 and §6.2.3. Undefined for what is no
 * http(s) URL.
 */
export function targetUri(text: string): string | undefined {
  if (text.length > longest || !plain.test(text) || !URL.canParse(text)) return undefined
  const { origin, pathname, username, password } = new URL(text)
  return username === '' && password === '' ? origin + normalEscapes(pathname) : undefined
}
