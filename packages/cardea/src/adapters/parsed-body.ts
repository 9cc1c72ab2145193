import { isUtf8 } from 'node:buffer'
import { invalidRequest } from '../core/spec/errors.ts'

/** What a body parser of the host left behind when it read the body before us. */
export interface ParsedBody {
  /** Text or bytes, as they came. */
  readonly rawBody?: unknown
  /** What a parser has made of them. */
  readonly body?: unknown
}

/** Deeper than any form has; a bound on what a hostile one can make of a parser's result. */
const deepest = 8

export function textFrom(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  throw invalidRequest('malformed_encoding', 'The body is not valid UTF-8')
}

function append(params: URLSearchParams, name: string, value: unknown, depth: number): void {
  if (Array.isArray(value)) for (const one of value) append(params, name, one, depth)
  else if (typeof value === 'object' && value !== null && depth < deepest) {
    for (const [key, one] of Object.entries(value)) append(params, `${name}[${key}]`, one, depth + 1)
  } else params.append(name, String(value))
}

/**
 * The form that was parsed, written out again: names and values in the parser's order, repeats kept. What a parser
 * has dropped or merged cannot be had back: good for forms of OAuth 2, and for nothing that was signed.
 */
function formFrom(fields: object): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) append(params, name, value, 0)
  return params.toString()
}

/** Whether the octets of a body that the host has read were kept. */
export function isKept({ rawBody, body }: ParsedBody): boolean {
  const kept = rawBody ?? body
  return typeof kept === 'string' || kept instanceof Uint8Array
}

/** The text of a body that the host has read, as it came where the host has kept that. Throws `invalid_request`. */
export function textReadBefore({ rawBody, body }: ParsedBody): string {
  const kept = rawBody ?? body
  if (typeof kept === 'string') return kept
  if (kept instanceof Uint8Array) return textFrom(Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength))
  return typeof body === 'object' && body !== null ? formFrom(body) : ''
}
