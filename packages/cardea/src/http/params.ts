import { invalidRequest, ProtocolError } from '../core/spec/errors.ts'
import { isEncoded } from './content-encoding.ts'
import type { HttpRequest } from './request.ts'

/** More parameters than any real request has; a bound on the work a hostile one can cause. */
const maxParams = 200

/**
 * Parameters of one request, from one place, each at most once (RFC 6749 §3.1, §3.2): neither first-wins nor last-wins,
 * because a proxy or client library that picks the other one would see another request than we do.
 */
export interface Params {
  /** The value, or undefined when absent or empty (RFC 6749 §3.1: sent without a value means omitted). */
  get(name: string): string | undefined
  /** Every value of a parameter that was declared repeatable. */
  all(name: string): readonly string[]
  /** Every name there is, each once. */
  names(): Iterable<string>
}

export interface ParseOptions {
  /** Parameters that may come several times. */
  readonly repeatable?: readonly string[]
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw invalidRequest('malformed_encoding', 'A parameter is not valid percent-encoded UTF-8', { cause })
  }
}

class ParsedParams implements Params {
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values
  }

  get(name: string): string | undefined {
    return this.#values.get(name)?.[0] || undefined
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  names(): Iterable<string> {
    return this.#values.keys()
  }
}

/** Throws `invalid_request` for repeats, too many and what is no Unicode text. */
function add(values: Map<string, string[]>, count: number, name: string, value: string, options: ParseOptions): void {
  // JSON of a request object can hold half a character, which no answer could give back.
  if (!name.isWellFormed() || !value.isWellFormed())
    throw invalidRequest('malformed_text', 'A parameter is not valid Unicode text')
  if (count > maxParams) throw invalidRequest('too_many_parameters', `At most ${maxParams} parameters are accepted`)
  const present = values.get(name)
  if (present === undefined) values.set(name, [value])
  else if (options.repeatable?.includes(name)) present.push(value)
  else throw invalidRequest('repeated_parameter', `Multiple '${name.slice(0, 40)}' in request`)
}

/** Parses `application/x-www-form-urlencoded` text. Throws `invalid_request` for repeats, bad encoding and too many. */
export function parseParams(text: string, options: ParseOptions = {}): Params {
  const values = new Map<string, string[]>()
  let count = 0
  for (const pair of text.split('&')) {
    if (pair === '') continue
    count += 1
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    add(values, count, name, equals === -1 ? '' : decode(pair.slice(equals + 1)), options)
  }
  return new ParsedParams(values)
}

/** A parameter that may be repeated has several pairs. */
export type ParamPairs = readonly (readonly [name: string, value: string])[]

/** Parameters that did not come as a form. Throws `invalid_request` for repeats, too many and what is no Unicode text. */
export function paramsFrom(pairs: ParamPairs, options: ParseOptions = {}): Params {
  const values = new Map<string, string[]>()
  for (const [index, [name, value]] of pairs.entries()) add(values, index + 1, name, value, options)
  return new ParsedParams(values)
}

/** What `paramsFrom` takes. */
export const pairsOf = (params: Params): ParamPairs =>
  [...params.names()].flatMap((name) => params.all(name).map((value) => [name, value] as const))

const formType = 'application/x-www-form-urlencoded'

export function isForm(contentType: string | undefined): boolean {
  if (contentType === formType) return true
  return contentType !== undefined && contentType.split(';', 1)[0]?.trim().toLowerCase() === formType
}

/** Reads a form body. Only the form type: a JSON or text body can be sent across sites without the browser asking first. */
export async function formOf(request: HttpRequest, options?: ParseOptions): Promise<Params> {
  if (!isForm(request.header('content-type'))) {
    throw invalidRequest('not_a_form', `Send the parameters in the body as ${formType}`)
  }
  if (isEncoded(request)) {
    throw new ProtocolError('unsupported_media_type', 'content_encoding', { description: 'Send the body uncompressed' })
  }
  return parseParams(await request.text(), options)
}

/** A required parameter. */
export function required(params: Params, name: string, description = `The ${name} parameter is required`): string {
  const value = params.get(name)
  if (value === undefined) throw invalidRequest(`missing_${name}`, description)
  return value
}
