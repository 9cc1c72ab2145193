import type { ProtocolError } from '../../core/spec/errors.ts'
import { type HttpResponse, json } from '../../http/response.ts'

/** More attributes of every challenge, such as `resource_metadata` (RFC 9728 §5.1). */
export type ChallengeAttributes = Readonly<Record<string, string>>

/** No credentials at all: RFC 6750 §3.1 says to name no error code then. */
export class MissingToken extends Error {}

/** RFC 9110 §5.6.4: whatever could end the string, or the header line, is escaped or taken out. */
const quoted = (text: string): string => `"${text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`

const own = ['realm', 'error', 'error_description', 'error_uri', 'scope']

/** Throws TypeError for attributes that are ours to set, or whose names no header can hold. */
export function checkAttributes(attributes: ChallengeAttributes): void {
  for (const name of Object.keys(attributes)) {
    if (own.includes(name.toLowerCase()) || !/^[!#$%&'*+\-.^`|~\w]+$/.test(name)) {
      throw new TypeError(`attributes: ${JSON.stringify(name)} cannot be one of the challenge`)
    }
  }
}

/** RFC 9110 §11.6.1: one challenge, every attribute a pair of its own. */
export function challengeOf(scheme: string, attributes: ChallengeAttributes): string {
  const pairs = Object.entries(attributes).map(([name, value]) => `${name}=${quoted(value)}`)
  return `${scheme} ${pairs.join(', ')}`
}

export interface Challenger {
  readonly realm: string
  readonly attributes?: ChallengeAttributes
  /** Scheme of the credentials that were refused. */
  readonly scheme: string
  /** Its ready challenge, where the scheme has no room for an error (RFC 5849 §3.5.1). Default: one that tells the error. */
  readonly challenge?: string | undefined
  /** Ready challenges of the ways in; whoever sent nothing is told of them all. */
  readonly all: readonly string[]
  /** Ready challenges of other ways in, told where the credentials were refused. */
  readonly others?: readonly string[]
}

const unavailable = (error: ProtocolError): HttpResponse =>
  json(error.status, error, error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) })

/** RFC 6750 §3: the challenge, with the error as separate attributes and, for 403, the scope that is needed. */
export function refusalFrom(
  error: ProtocolError | MissingToken,
  { realm, attributes, scheme, challenge, all, others = [] }: Challenger,
): HttpResponse {
  if (error instanceof MissingToken) {
    const [first] = all
    const challenges = all.length === 1 && first !== undefined ? first : all
    return json(
      401,
      { error: 'invalid_token', error_description: 'The access token is required' },
      { 'www-authenticate': challenges },
    )
  }
  if (error.status >= 500 || error.status === 429) return unavailable(error)
  const said = {
    realm,
    ...attributes,
    error: error.code,
    ...(error.description !== undefined && { error_description: error.description }),
    ...(error.scope !== undefined && { scope: error.scope }),
    ...error.challenge,
  }
  const own = challenge ?? challengeOf(scheme, said)
  const challenges = error.status === 401 && others.length > 0 ? [own, ...others] : own
  return json(error.status, error, { 'www-authenticate': challenges, ...error.headers })
}
