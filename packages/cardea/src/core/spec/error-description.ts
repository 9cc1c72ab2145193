/**
 * RFC 6749 §5.2: error_description is limited to %x20-21 / %x23-5B / %x5D-7E. Whatever else a description quotes from
 * a request is replaced, so that hostile input can neither break the answer nor smuggle markup or line breaks into it.
 */
export function errorDescriptionFrom(text: string): string {
  return text
    .replace(/["“”]/g, "'")
    .replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
    .slice(0, 300)
}
