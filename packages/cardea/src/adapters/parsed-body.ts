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

const isJson = (type: string | undefined): boolean => /^application\/(?:[\w.-]+\+)?json *(?:;|$)/i.test(type ?? '')

/** The document that was parsed, written out again (RFC 7591 §3.1). */
function jsonFrom(body: object): string {
  try {
    return JSON.stringify(body)
  } catch {
    // Parsers take deeper nesting than can be written: nobody means it.
    throw invalidRequest('malformed_body', 'The body is nested too deep')
  }
}

/** Whether the octets of a body that the host has read were kept. */
export function isKept({ rawBody, body }: ParsedBody): boolean {
  const kept = rawBody ?? body
  return typeof kept === 'string' || kept instanceof Uint8Array
}

/**
 * The text of a body that the host has read, as it came where the host has kept that. Throws `invalid_request`.
 * @param type value of Content-Type: what was parsed from JSON is JSON again, everything else a form
 */
export function textReadBefore({ rawBody, body }: ParsedBody, type?: string): string {
  const kept = rawBody ?? body
  if (typeof kept === 'string') return kept
  if (kept instanceof Uint8Array) return textFrom(Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength))
  if (typeof body !== 'object' || body === null) return ''
  return isJson(type) ? jsonFrom(body) : formFrom(body)
}
