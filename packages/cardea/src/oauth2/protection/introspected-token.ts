import { isJsonObject, type JsonObject } from '../../core/crypto/jose/strict-json.ts'
import { type Clock, systemClock } from '../../core/ports/clock.ts'
import { type Outgoing, outgoing } from '../../http/outgoing/outgoing.ts'
import { OutgoingFailed } from '../../http/outgoing/outgoing-failed.ts'
import { jsonFrom } from '../../http/outgoing/remote-keys.ts'
import { type ClaimNames, factsFromClaims } from './claimed-facts.ts'
import { introspectionCache } from './introspection-cache.ts'
import { addressIn, issuerMetadata } from './issuer-metadata.ts'
import type { TokenFacts } from './token-info.ts'
import type { TokenValidator } from './token-validator.ts'

/** Headers and form members by which this API authenticates to the authorization server. */
export interface IntrospectionCredentials {
  /** Such as `authorization`, by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>
  /** Such as `client_assertion`. */
  readonly params?: Readonly<Record<string, string>>
}

/** Tokens that their authorization server is asked about (RFC 7662). */
export interface IntrospectionOptions {
  /** Its metadata says where to ask, unless `endpoint` does; an answer of another issuer is refused. */
  readonly issuer?: string
  /** Where to ask. */
  readonly endpoint?: string
  /** The client that this API is at the authorization server. */
  readonly clientId?: string
  /** The secret of that client. */
  readonly clientSecret?: string
  /** Default `client_secret_basic`. */
  readonly clientAuthMethod?: 'client_secret_basic' | 'client_secret_post'
  /** In place of `clientId` and `clientSecret`: any other way to authenticate, asked for each time. */
  readonly authenticate?: () => IntrospectionCredentials | Promise<IntrospectionCredentials>
  /** What this API is called; must be in `aud` then. Default: not looked at, since many servers tell none. */
  readonly audience?: string | readonly string[]
  /** Seconds for which an active token is believed to be: so long a revoked one still works. 0: always ask. Default 10. */
  readonly cacheSeconds?: number
  /** Seconds for which an inactive token is believed to be. Default 5. */
  readonly negativeCacheSeconds?: number
  /** Most answers kept. Default 10000. */
  readonly maxCached?: number
  /** Also take answers without a `token_type`. Some servers describe refresh tokens that way, which are none to take. */
  readonly withoutTokenType?: boolean
  /** What the server calls its members, where not as RFC 7662 and RFC 9068 do. */
  readonly claimNames?: ClaimNames
  /** The guarded door to the authorization server. Default: only hosts on the Internet, by https. */
  readonly outgoing?: Outgoing
  /** Default: that of the system. */
  readonly clock?: Clock
}

/** RFC 6749 §2.3.1: both parts are form-encoded first. */
const formEncoded = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2)

function credentialsFrom(
  options: IntrospectionOptions,
): () => IntrospectionCredentials | Promise<IntrospectionCredentials> {
  const { authenticate, clientId, clientSecret, clientAuthMethod } = options
  if (authenticate !== undefined) return authenticate
  if (clientId === undefined || clientSecret === undefined) {
    throw new TypeError('introspection: needs clientId and clientSecret, or authenticate')
  }
  const credentials: IntrospectionCredentials =
    clientAuthMethod === 'client_secret_post'
      ? { params: { client_id: clientId, client_secret: clientSecret } }
      : { headers: { authorization: `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}` } }
  return () => credentials
}

/** RFC 7662 §2.2: `active` decides, and a doubt about the answer is no yes. */
function answerFrom(body: string, host: string): JsonObject | undefined {
  let answer: unknown
  try {
    answer = jsonFrom(body)
  } catch (cause) {
    throw new OutgoingFailed('malformed', host, { cause })
  }
  if (!isJsonObject(answer) || typeof answer.active !== 'boolean') throw new OutgoingFailed('malformed', host)
  return answer.active ? answer : undefined
}

/** RFC 9449 §6.2: one that says to be bound must say to which key. */
const isBound = ({ cnf }: JsonObject): boolean => isJsonObject(cnf) && typeof cnf.jkt === 'string'

function isAccessToken(answer: JsonObject, withoutTokenType: boolean): boolean {
  const { token_type: type, token_use: use } = answer
  // Hydra's way to tell: nobody calls with a refresh token.
  if (use !== undefined && use !== 'access_token') return false
  if (type === undefined) return withoutTokenType
  const name = typeof type === 'string' ? type.toLowerCase() : ''
  return name === 'bearer' || (name === 'dpop' && isBound(answer))
}

function isForUs({ aud, iss, exp, nbf }: JsonObject, options: IntrospectionOptions, now: number): boolean {
  const { audience, issuer } = options
  if (issuer !== undefined && iss !== undefined && iss !== issuer) return false
  if (exp !== undefined && !(typeof exp === 'number' && now < exp)) return false
  if (nbf !== undefined && !(typeof nbf === 'number' && now >= nbf)) return false
  if (audience === undefined) return true
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  const ours = typeof audience === 'string' ? [audience] : audience
  return ours.some((one) => audiences.includes(one))
}

/**
 * Accepts the tokens that their authorization server calls active. Where it cannot be asked, nobody gets in: 503.
 * @throws TypeError at once, without an address to ask or credentials to ask with
 */
export function introspectionValidator(options: IntrospectionOptions): TokenValidator {
  const { issuer, endpoint, cacheSeconds = 10, negativeCacheSeconds = 5, maxCached = 10_000 } = options
  const clock = options.clock ?? systemClock
  const door = options.outgoing ?? outgoing()
  const credentials = credentialsFrom(options)
  if (endpoint === undefined && issuer === undefined) throw new TypeError('introspection: needs endpoint or issuer')
  const metadata = issuer === undefined ? undefined : issuerMetadata(issuer, { outgoing: door, clock })
  const addressOf = async (): Promise<string> =>
    endpoint ?? addressIn((await metadata?.()) ?? {}, 'introspection_endpoint', issuer ?? '')
  const cached = introspectionCache<TokenFacts>({
    clock,
    seconds: cacheSeconds,
    negativeSeconds: negativeCacheSeconds,
    most: maxCached,
  })
  const ask = async (token: string): Promise<TokenFacts | undefined> => {
    const [url, { headers = {}, params = {} }] = await Promise.all([addressOf(), credentials()])
    const form = new URLSearchParams({ token, token_type_hint: 'access_token', ...params })
    const { body } = await door.send({ url, form, headers, accept: ['application/json'] })
    const answer = answerFrom(body, new URL(url).host)
    if (answer === undefined || !isAccessToken(answer, options.withoutTokenType ?? false)) return undefined
    return isForUs(answer, options, clock.now()) ? factsFromClaims(answer, options.claimNames) : undefined
  }
  return { scheme: 'Bearer', validate: (token) => cached(token, () => ask(token)) }
}
