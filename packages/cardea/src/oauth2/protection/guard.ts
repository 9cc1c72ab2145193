import type { Clock } from '../../core/ports/clock.ts'
import type { Emit } from '../../core/ports/events.ts'
import { invalidRequest, invalidToken, type ProtocolError } from '../../core/spec/errors.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { HttpResponse } from '../../http/response.ts'
import { answerMustBeSound } from '../../http/sound-answer.ts'
import { nonceHeader } from '../proof/dpop-proof.ts'
import { bearerTokenOf } from './bearer-token.ts'
import { type ChallengeAttributes, challengeOf, MissingToken, refusalFrom } from './challenge.ts'
import type { DpopProtection } from './dpop-protection.ts'
import { mustBePossessed } from './possession.ts'
import { type FindUser, type TokenFacts, type TokenInfo, tokenInfo } from './token-info.ts'
import { needCheck, type ScopeNeed, scopeIn } from './token-need.ts'
import type { TokenValidator } from './token-validator.ts'

/** The token a request may go on with, or the answer that refuses it. Never rejects. */
export type ResourceGuard<Token extends TokenInfo<unknown> = TokenInfo> = (request: HttpRequest) => Promise<
  /** `headers`: for the answer to this request, where its handler sets none of that name, such as the nonce for the next proof. */
  | { readonly token: Token; readonly headers?: Readonly<Record<string, string>> }
  /** `anonymous`: the request tried no authentication at all, so a resource that is open to everybody may answer it. */
  | { readonly refused: HttpResponse; readonly anonymous?: true }
>

/** Requests that are authorized by more than a token in their Authorization header, such as the signed ones of OAuth 1. */
export interface SignedRequests {
  /** Undefined: nobody need be told of this way in. */
  challenge(): string | undefined
  /** Undefined: the request is not signed. Rejects for one that does not hold. */
  authenticate(request: HttpRequest): Promise<TokenFacts | undefined>
  refuse(error: unknown): Promise<HttpResponse>
  /** Whoever hears of tokens that are accepted has heard of its own already. */
  readonly tells?: boolean
}

export interface GuardParts<Person> {
  readonly validators: readonly TokenValidator[]
  readonly realm: string
  readonly attributes?: ChallengeAttributes | undefined
  readonly tokenInFormOrQuery: boolean
  readonly findUser: FindUser<Person> | undefined
  readonly signed?: SignedRequests | undefined
  /** Undefined: tokens that are bound to a key are refused. */
  readonly dpop?: DpopProtection | undefined
  readonly emit: Emit
  /** By which the age of a sign-in is told. Default: that of the system. */
  readonly clock?: Clock
  /** What to tell of anything that was thrown. */
  toProtocolError(error: unknown): ProtocolError | Promise<ProtocolError>
  /** Before anything else is looked at. Throws `ProtocolError` to refuse. */
  checkRequest?(request: HttpRequest): void | Promise<void>
  /** After the token was found to hold. Throws `ProtocolError` to refuse. */
  checkToken?(token: TokenInfo<Person>, request: HttpRequest): void | Promise<void>
  /** The answer in place of ours. */
  refusal?(
    answer: HttpResponse,
    error: ProtocolError | undefined,
    request: HttpRequest,
  ): HttpResponse | Promise<HttpResponse>
}

const schemeAndRest = /^([!#$%&'*+\-.^`|~\w]+)(?: +(.*?))? *$/

interface Presented {
  readonly scheme: string
  readonly token: string
}

/** RFC 9110 §11.4: credentials of one of the schemes. Bearer ones may also stand in form or query where that is allowed. */
async function presentedIn(
  request: HttpRequest,
  schemes: readonly string[],
  tokenInFormOrQuery: boolean,
): Promise<Presented | undefined> {
  const [, name, token] = schemeAndRest.exec(request.header('authorization') ?? '') ?? []
  const scheme = schemes.find((one) => one.toLowerCase() === name?.toLowerCase())
  if (scheme !== undefined && scheme.toLowerCase() !== 'bearer') {
    if (!token) throw invalidRequest('malformed_credentials', 'The credentials cannot be read')
    return { scheme, token }
  }
  const bearer = schemes.find((one) => one.toLowerCase() === 'bearer')
  if (bearer === undefined) return undefined
  const found = await bearerTokenOf(request, { bearerTokenInFormOrQuery: tokenInFormOrQuery })
  return found === undefined ? undefined : { scheme: bearer, token: found }
}

/** A token looks the same whether it comes with a proof or without: whoever knows Bearer tokens knows those of DPoP. */
const kindOf = (scheme: string, dpop: DpopProtection | undefined): string =>
  dpop !== undefined && scheme === 'DPoP' ? 'bearer' : scheme.toLowerCase()

async function factsOf(
  { scheme, token }: Presented,
  { validators, dpop }: Pick<GuardParts<never>, 'validators' | 'dpop'>,
  request: HttpRequest,
): Promise<TokenFacts> {
  const kind = kindOf(scheme, dpop)
  for (const validator of validators) {
    if (validator.scheme.toLowerCase() !== kind) continue
    const facts = await validator.validate(token, request)
    if (facts === undefined) continue
    const proving = mustBePossessed(facts, { scheme, token }, request, dpop)
    if (proving === undefined) return facts
    await proving
    return { ...facts, scheme }
  }
  throw invalidToken('access_token_not_active', 'The access token provided is invalid or has expired')
}

/** With DPoP, beside the Bearer scheme of the same tokens. */
const schemesOf = ({ validators, dpop }: Pick<GuardParts<never>, 'validators' | 'dpop'>): readonly string[] => {
  const names = new Map(validators.map(({ scheme }) => [scheme.toLowerCase(), scheme]))
  if (dpop !== undefined && names.has('bearer')) names.set('dpop', 'DPoP')
  return [...names.values()]
}

/** RFC 9449 §7.1: `algs` tells which proofs are taken. */
const attributesOf = (
  scheme: string,
  { attributes, dpop }: Pick<GuardParts<never>, 'attributes' | 'dpop'>,
): ChallengeAttributes =>
  dpop === undefined || scheme !== 'DPoP' ? { ...attributes } : { ...attributes, algs: dpop.rules.algorithms.join(' ') }

/** RFC 6750 §3: whoever is led to the metadata, and on to get a token, learns at once which scope to ask for. */
function scopeTold(need: ScopeNeed, { attributes }: Pick<GuardParts<never>, 'attributes'>): ChallengeAttributes {
  const [first] = [scopeIn(need) ?? []].flat()
  return first === undefined || attributes?.resource_metadata === undefined ? {} : { scope: first }
}

interface ReadyChallenges {
  /** Of the schemes that are taken. */
  readonly ours: readonly string[]
  /** RFC 9449 §7.1: whoever came without a proof is told that it could help. */
  readonly besides: readonly string[]
}

function readyChallenges(
  parts: Pick<GuardParts<never>, 'realm' | 'attributes' | 'dpop'>,
  schemes: readonly string[],
  need: ScopeNeed,
): ReadyChallenges {
  const { realm, dpop } = parts
  const scope = scopeTold(need, parts)
  const challengeFor = (scheme: string): string =>
    challengeOf(scheme, { realm, ...attributesOf(scheme, parts), ...scope })
  const isTaken = (scheme: string): boolean => !dpop?.required || scheme.toLowerCase() !== 'bearer'
  return {
    ours: schemes.filter(isTaken).map(challengeFor),
    besides: schemes.includes('DPoP') && dpop !== undefined ? [challengeFor('DPoP')] : [],
  }
}

/** Of a signed request, or the answer that refuses its signature. */
async function signedFacts(
  signed: SignedRequests,
  request: HttpRequest,
): Promise<TokenFacts | { readonly refused: HttpResponse } | undefined> {
  try {
    return await signed.authenticate(request)
  } catch (error) {
    return { refused: await signed.refuse(error) }
  }
}

/**
 * One route for every kind of token. The scheme of the Authorization header says which it is; a request without any of
 * the schemes can only be a signed one.
 * @throws TypeError at once, for a need that names nothing
 */
export function tokenGuardOf<Person>(parts: GuardParts<Person>, need: ScopeNeed): ResourceGuard<TokenInfo<Person>> {
  const { realm, signed, dpop, findUser } = parts
  const check = needCheck(need, parts.clock)
  const schemes = schemesOf(parts)
  const first = schemes[0] ?? 'Bearer'
  const { ours, besides } = readyChallenges(parts, schemes, need)
  const challenges = (): readonly string[] => {
    const signature = signed?.challenge()
    return signature === undefined ? ours : [...ours, signature]
  }

  const accepted = async (facts: TokenFacts, request: HttpRequest, isTold = false) => {
    const token = tokenInfo(facts, findUser)
    await check(token)
    await parts.checkToken?.(token, request)
    const { clientId, userId, scheme } = facts
    const event = { type: 'token_authenticated', clientId, scheme, ...(userId !== undefined && { userId }) } as const
    if (!isTold) await parts.emit(event)
    return { token }
  }
  const refusedAs = async (answer: HttpResponse, error: ProtocolError | undefined, request: HttpRequest) => {
    const theirs = await parts.refusal?.(answer, error, request)
    if (theirs !== undefined) answerMustBeSound(theirs, 'refusal')
    return { refused: theirs ?? answer }
  }
  const byToken: ResourceGuard<TokenInfo<Person>> = async (request) => {
    let scheme = first
    try {
      const presented = await presentedIn(request, schemes, parts.tokenInFormOrQuery)
      if (presented === undefined) throw new MissingToken('no token')
      scheme = presented.scheme
      const granted = await accepted(await factsOf(presented, parts, request), request)
      return scheme === 'DPoP' && dpop?.rules.nonces !== undefined
        ? { ...granted, headers: { 'cache-control': 'no-store', ...nonceHeader(dpop.rules) } }
        : granted
    } catch (error) {
      const others = scheme === 'DPoP' ? [] : besides
      const challenger = { realm, scheme, all: challenges(), attributes: attributesOf(scheme, parts), others }
      if (error instanceof MissingToken) {
        const refused = await refusedAs(refusalFrom(error, challenger), undefined, request)
        return request.header('authorization') === undefined ? { ...refused, anonymous: true } : refused
      }
      const told = await parts.toProtocolError(error)
      return refusedAs(refusalFrom(told, challenger), told, request)
    }
  }
  const isOurs = (authorization: string): boolean =>
    schemes.some((scheme) => scheme.toLowerCase() === schemeAndRest.exec(authorization)?.[1]?.toLowerCase())
  const guard: ResourceGuard<TokenInfo<Person>> = async (request) => {
    if (signed === undefined || isOurs(request.header('authorization') ?? '')) return byToken(request)
    const facts = await signedFacts(signed, request)
    if (facts === undefined) return byToken(request)
    if ('refused' in facts) return refusedAs(facts.refused, undefined, request)
    const { scheme } = facts
    try {
      return await accepted(facts, request, signed.tells)
    } catch (error) {
      const told = await parts.toProtocolError(error)
      // RFC 9110 §11.6.1: a Bearer challenge alone would tell a client to throw away what its signature has just proven.
      const challenger =
        scheme === 'OAuth'
          ? { realm, scheme, challenge: signed.challenge(), all: challenges(), others: ours }
          : { realm, scheme, all: challenges(), attributes: attributesOf(scheme, parts), others: besides }
      return refusedAs(refusalFrom(told, challenger), told, request)
    }
  }
  return async (request) => {
    try {
      await parts.checkRequest?.(request)
      return await guard(request)
    } catch (error) {
      // A hook of the host failed, or refused.
      const told = await parts.toProtocolError(error)
      return { refused: refusalFrom(told, { realm, scheme: first, all: ours }) }
    }
  }
}
