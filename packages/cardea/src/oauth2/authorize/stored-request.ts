import type { CodeChallengeMethod } from '../../core/model/code.ts'
import type { GrantFacts } from '../../core/model/grant-facts.ts'
import type { Interaction } from '../../core/model/interaction.ts'
import type { CodeChallenge } from '../../core/rules/pkce.ts'
import type { VerifiedRedirectUri } from '../../core/rules/redirect-uri.ts'
import type { AuthorizationRequest, ResponseTypeName } from './request.ts'
import type { ResponseModeName } from './response-mode.ts'

/** What is left to know of a request once the person has answered. */
export interface Answerable {
  /** `client_id` of who asks. */
  readonly clientId: string
  /** Where the answer goes; proven to be the client's. */
  readonly redirectUri: VerifiedRedirectUri
  /** The request named it, instead of relying on the only registered one. */
  readonly redirectUriSent: boolean
  /** What the client wants to get back. */
  readonly responseType: ResponseTypeName
  /** How the answer travels. */
  readonly responseMode: ResponseModeName
  /** Goes back as it came. */
  readonly state: string | undefined
  /** RFC 7636 §4.3; undefined for a client that may leave it out. */
  readonly challenge: CodeChallenge | undefined
  /** RFC 9470 §4: classes of sign-ins, any of which will do; empty: it does not say. */
  readonly acrValues: readonly string[]
  /** Seconds since the sign-in, at most. */
  readonly maxAge: number | undefined
  /** What extensions have to remember until the answer is there. */
  readonly facts: GrantFacts | undefined
}

/** Kept with a request for which the sign-in there was is of the wrong class, and nothing else. */
export const lacksAcrOnly = { sign_in: 'acr' } as const

export const answerableFrom = (request: AuthorizationRequest): Answerable => ({
  clientId: request.client.client_id,
  redirectUri: request.redirectUri,
  redirectUriSent: request.redirectUriSent,
  responseType: request.responseType,
  responseMode: request.responseMode,
  state: request.state,
  challenge: request.challenge,
  acrValues: request.acrValues,
  maxAge: request.maxAge,
  facts: request.facts,
})

/** As an interaction keeps it: the validated request is ours and cannot be altered between page and decision. */
export function storedFrom(request: AuthorizationRequest): Record<string, string> {
  return {
    response_type: request.responseType,
    response_mode: request.responseMode,
    redirect_uri_sent: String(request.redirectUriSent),
    ...(request.state !== undefined && { state: request.state }),
    ...(request.acrValues.length > 0 && { acr_values: request.acrValues.join(' ') }),
    ...(request.maxAge !== undefined && { max_age: String(request.maxAge) }),
    ...(request.challenge !== undefined && {
      code_challenge: request.challenge.codeChallenge,
      code_challenge_method: request.challenge.codeChallengeMethod,
    }),
  }
}

function challengeFrom({ code_challenge, code_challenge_method }: Interaction['request']): CodeChallenge | undefined {
  if (code_challenge === undefined) return undefined
  return { codeChallenge: code_challenge, codeChallengeMethod: code_challenge_method as CodeChallengeMethod }
}

export const answerableOf = ({ clientId, facts, redirectUri, request }: Interaction): Answerable => ({
  clientId,
  // It was verified before it was stored, and only we can write there.
  redirectUri: redirectUri as VerifiedRedirectUri,
  redirectUriSent: request.redirect_uri_sent === 'true',
  responseType: request.response_type as ResponseTypeName,
  responseMode: request.response_mode as ResponseModeName,
  state: request.state,
  challenge: challengeFrom(request),
  acrValues: request.acr_values?.split(' ') ?? [],
  maxAge: request.max_age === undefined ? undefined : Number(request.max_age),
  facts,
})
