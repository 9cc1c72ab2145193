import { authorizationPairs } from './authorization-header.ts'
import { percentDecode } from './encoding.ts'
import { badRequest, OAuth1Error } from './errors.ts'
import { type EncodedPair, formPairs, isProtocolName, type PairsRead } from './form-pairs.ts'

/** What a signature covers of a request, as it was sent: nothing decoded, nothing a framework has parsed. */
export interface RequestParts {
  /** Without the question mark; empty when there is none. */
  readonly query: string
  readonly authorization: string | undefined
  readonly contentType: string | undefined
  /** Needed only when `isFormType(contentType)`. */
  readonly body: string | undefined
  /** False: the body was written out again from what a parser has made of it. Default true. */
  readonly bodyAsSent?: boolean
}

/** RFC 5849 §3.5: where a request may carry its protocol parameters. */
export type ParameterPlace = 'header' | 'body' | 'query'

export interface SignedParameters {
  readonly place: ParameterPlace
  /** The `oauth_*` parameters, decoded once, each at most once. */
  readonly protocol: ReadonlyMap<string, string>
  /** Everything that goes into the base string, `oauth_signature` still among it; repeats are kept. */
  readonly pairs: readonly EncodedPair[]
}

export interface ParameterLimits {
  /** Parameters in each place. Default 1000. */
  readonly parameters: number
  /** Characters of one decoded protocol parameter. Default 4096. */
  readonly protocolValue: number
}

export const defaultParameterLimits: ParameterLimits = { parameters: 1000, protocolValue: 4096 }

const formType = 'application/x-www-form-urlencoded'

/** RFC 5849 §3.4.1.3.1: only such a body is signed, whatever the method. Parameters of the type do not matter. */
export const isFormType = (contentType: string | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === formType

const none: PairsRead = { pairs: [], problem: undefined }

function bodyPairs({ contentType, body = '' }: RequestParts, most: number): PairsRead {
  if (isFormType(contentType)) return formPairs(body, most)
  // Two types joined: one reader would take the body for a form, and we would leave it unsigned.
  const repeated = contentType?.includes(',') && contentType.toLowerCase().includes(formType)
  return repeated ? { ...none, problem: badRequest('repeated_content_type', 'Send one Content-Type') } : none
}

function placesOf(sources: Readonly<Record<ParameterPlace, readonly EncodedPair[]>>): ParameterPlace[] {
  const places = Object.keys(sources) as ParameterPlace[]
  return places.filter((place) => sources[place].some(([name]) => isProtocolName(name)))
}

const control = /\p{Cc}/u

function protocolFrom(pairs: readonly EncodedPair[], longest: number): ReadonlyMap<string, string> {
  const protocol = new Map<string, string>()
  for (const [name, encoded] of pairs) {
    if (!isProtocolName(name)) continue
    const shown = name.slice(0, 40)
    if (protocol.has(name)) {
      const description = `Multiple '${shown}' in request`
      throw new OAuth1Error('duplicated_oauth_protocol_parameter', 'repeated_parameter', { description })
    }
    const value = percentDecode(encoded)
    if (value.length > longest) {
      throw badRequest('parameter_too_long', `${shown} may have at most ${longest} characters`)
    }
    // What is looked up or stored: some databases fail on U+0000. A signature is neither, and may only be wrong.
    if (name !== 'oauth_signature' && control.test(value)) {
      throw badRequest('control_character', `${shown} has a control character`)
    }
    protocol.set(name, value)
  }
  return protocol
}

/**
 * RFC 5849 §3.1, §3.4.1.3.1, §3.5. Undefined: this is no OAuth 1 request, neither by an `OAuth` header nor by a
 * parameter that begins with `oauth_`; another scheme may answer it. Throws `OAuth1Error` for one that is broken:
 * malformed, or with protocol parameters in several places or several times, where two readers could see two requests.
 */
export function parametersOf(
  parts: RequestParts,
  { parameters: most, protocolValue }: ParameterLimits = defaultParameterLimits,
): SignedParameters | undefined {
  const header = authorizationPairs(parts.authorization, most)
  const query = formPairs(parts.query, most)
  const body = bodyPairs(parts, most)
  const sources = { header: header ?? [], body: body.pairs, query: query.pairs }
  const places = placesOf(sources)
  if (header === undefined && places.length === 0) return undefined
  // What a parser has dropped, merged or respelled would be verified as something else than what was sent.
  if (parts.bodyAsSent === false) {
    throw badRequest('body_not_as_sent', 'This server has parsed the form before its signature could be checked')
  }
  const problem = query.problem ?? body.problem
  if (problem !== undefined) throw problem
  if (places.length > 1) {
    const description = `Protocol parameters are in ${places.join(' and ')}; send them in one place`
    throw new OAuth1Error('duplicated_oauth_protocol_parameter', 'several_places', { description })
  }
  const place = places[0] ?? 'header'
  return {
    place,
    protocol: protocolFrom(sources[place], protocolValue),
    pairs: [...sources.query, ...sources.header, ...sources.body],
  }
}
