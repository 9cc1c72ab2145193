import type { Client } from '../../core/model/client.ts'
import type { GrantFacts } from '../../core/model/grant-facts.ts'
import type { ClientAsked } from '../../core/ports/client-finder.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { type CodeChallenge, challengeMustBeSound } from '../../core/rules/pkce.ts'
import type { VerifiedRedirectUri } from '../../core/rules/redirect-uri.ts'
import { invalidRequest, ProtocolError, unauthorizedClient, unsupportedResponseType } from '../../core/spec/errors.ts'
import { type Params, required } from '../../http/params.ts'
import type { ProofReader } from '../proof/proof-reader.ts'
import { scopeFor } from '../scope-policy.ts'
import { redirectUriFor } from './client-redirect.ts'
import { type FactReader, factsOf, scopeOf } from './fact-reader.ts'
import { namedClient } from './named-client.ts'
import type { OnceOnly } from './once-only.ts'
import { type Prompt, prompts } from './prompt.ts'
import type { OriginRule, RequestSource } from './request-source.ts'
import type { ResponseMode, ResponseModeName } from './response-mode.ts'
import { isAcrReachable, unmet } from './sign-in-facts.ts'

/** RFC 6749 §3.1.1: `code`, or `token` where the implicit grant is on. */
export type ResponseTypeName = 'code' | 'token'

/** What became certain first: from here on, errors may be redirected. */
export interface ReturnAddress {
  readonly client: Client
  readonly redirectUri: VerifiedRedirectUri
  /** The request named it, instead of relying on the only registered one. */
  readonly redirectUriSent: boolean
  readonly responseMode: ResponseModeName
  readonly state: string | undefined
}

/** An authorization request that passed every check (RFC 6749 §4.1.1, §4.2.1). */
export interface AuthorizationRequest extends ReturnAddress {
  /** What the client wants to get back. */
  readonly responseType: ResponseTypeName
  /** What it asks for, or what a client that does not say gets. */
  readonly scope: readonly string[]
  /** RFC 7636 §4.3; undefined for a client that may leave it out. */
  readonly challenge: CodeChallenge | undefined
  /** What people have to be asked again. */
  readonly prompt: readonly Prompt[]
  /** Seconds. */
  readonly maxAge: number | undefined
  /** RFC 9470 §4: classes of sign-ins, any of which will do; empty: it does not say. */
  readonly acrValues: readonly string[]
  /** What extensions read from it. */
  readonly facts: GrantFacts | undefined
  /** What an answer uses up. */
  readonly once?: OnceOnly
}

export interface AuthorizationRules {
  readonly responseTypes: readonly ResponseTypeName[]
  readonly responseModes: readonly ResponseModeName[]
  /** Those that stand for others. */
  readonly modeAliases: Readonly<Record<string, NonNullable<ResponseMode['standsFor']>>>
  /** Those of them that may carry a token. */
  readonly tokenModes: readonly ResponseModeName[]
  /** Extensions that have parameters of their own. */
  readonly factReaders: readonly FactReader[]
  /** Where parameters may come from, if not from the request itself. */
  readonly sources: readonly RequestSource[]
  /** By which way they must have come. */
  readonly originRules: readonly OriginRule[]
  /** What a request that comes over the client's own connection may prove. */
  readonly proofReaders: readonly ProofReader[]
}

const longestState = 2048

/**
 * RFC 6749 Appendix A.5 allows printable characters only. Line breaks do not survive an HTML form (`form_post`), and
 * what cannot be returned unchanged must not be returned at all.
 */
const isSound = (state: string): boolean => state.length <= longestState && !/\p{Cc}/u.test(state)

/** Order of the values has no meaning (OAuth 2.0 Multiple Response Types §3). */
const normalized = (responseType: string): string => responseType.split(' ').filter(Boolean).sort().join(' ')

const defaultMode = (responseType: string | undefined): 'query' | 'fragment' =>
  responseType !== undefined && normalized(responseType).split(' ').includes('token') ? 'fragment' : 'query'

/** By which way errors go where the request names no way there is: signed, where only signed answers leave. */
function fallbackMode({ responseModes }: AuthorizationRules, responseType: string | undefined): ResponseModeName {
  const usual = defaultMode(responseType)
  return !responseModes.includes(usual) && responseModes.includes(`${usual}.jwt`) ? `${usual}.jwt` : usual
}

/** The mode that is meant by what the request says; undefined where it says nothing. */
function modeMeant({ modeAliases, responseModes }: AuthorizationRules, params: Params): ResponseModeName | undefined {
  const asked = params.get('response_mode')
  if (asked === undefined || !responseModes.includes(asked) || !Object.hasOwn(modeAliases, asked)) return asked
  return modeAliases[asked]?.[defaultMode(params.get('response_type'))]
}

/** Errors before these two are proven are shown, never redirected (RFC 6749 §4.1.2.1, RFC 9700 §4.11.2). */
export async function returnAddressOf(
  engine: Engine,
  rules: AuthorizationRules,
  params: Params,
  from: ClientAsked,
): Promise<ReturnAddress> {
  const client = await namedClient(engine, params, from)
  const requested = params.get('redirect_uri')
  const responseType = params.get('response_type')
  const meant = modeMeant(rules, params)
  const asked = rules.responseModes.find((mode) => mode === meant)
  const state = params.get('state')
  const isUnfit = asked === undefined || (defaultMode(responseType) === 'fragment' && !rules.tokenModes.includes(asked))
  return {
    client,
    redirectUri: await redirectUriFor(client, requested),
    redirectUriSent: requested !== undefined,
    responseMode: isUnfit ? fallbackMode(rules, responseType) : asked,
    state: state !== undefined && isSound(state) ? state : undefined,
  }
}

function responseModeMustFit(rules: AuthorizationRules, address: ReturnAddress, params: Params): void {
  const asked = modeMeant(rules, params) ?? defaultMode(params.get('response_type'))
  const enabled = rules.responseModes.includes(address.responseMode)
  if (!enabled || asked !== address.responseMode) {
    throw invalidRequest('unsupported_response_mode', 'This response_mode is not supported for this response_type')
  }
  const allowed = address.client.response_modes
  const named = params.get('response_mode') ?? address.responseMode
  if (allowed !== undefined && !allowed.includes(address.responseMode) && !allowed.includes(named)) {
    throw unauthorizedClient('response_mode_not_registered', 'The client is not registered for this response_mode')
  }
}

export const mayUseResponseType = (client: Client, responseType: ResponseTypeName): boolean =>
  client.response_types.some((registered) => normalized(registered) === responseType)

export function responseTypeOf(
  engine: Engine,
  rules: AuthorizationRules,
  client: Client,
  params: Params,
): ResponseTypeName {
  const asked = required(params, 'response_type', 'Invalid or missing response type')
  const responseType = rules.responseTypes.find((known) => known === normalized(asked))
  if (responseType === undefined)
    throw unsupportedResponseType('unsupported_response_type', 'Invalid or missing response type')
  if (!mayUseResponseType(client, responseType)) {
    throw unauthorizedClient('response_type_not_registered', 'The client is not registered for this response type')
  }
  const confidential = client.token_endpoint_auth_method !== 'none'
  if (responseType === 'token' && confidential && !engine.settings.compatibility.implicitForConfidential) {
    throw unauthorizedClient('implicit_for_confidential_client', 'The implicit grant is for public clients')
  }
  return responseType
}

function promptOf(params: Params): readonly Prompt[] {
  const asked = (params.get('prompt') ?? '').split(' ').filter(Boolean)
  const known = prompts.filter((prompt) => asked.includes(prompt))
  if (known.length < new Set(asked).size) throw invalidRequest('unknown_prompt', "Invalid 'prompt'")
  if (known.includes('none') && known.length > 1)
    throw invalidRequest('prompt_none_with_others', "Invalid 'prompt': none stands alone")
  return known
}

function maxAgeOf(params: Params): number | undefined {
  const text = params.get('max_age')
  if (text === undefined) return undefined
  if (!/^\d{1,10}$/.test(text)) throw invalidRequest('malformed_max_age', "Invalid 'max_age'")
  return Number(text)
}

/** Kept with the request, and few enough to be meant. */
function acrValuesOf(params: Params): readonly string[] {
  const values = (params.get('acr_values') ?? '').split(' ').filter(Boolean)
  if (values.join(' ').length > 1024) throw invalidRequest('malformed_acr_values', "Invalid 'acr_values'")
  return values
}

function stateMustBeSound(engine: Engine, state: string | undefined): void {
  if (state !== undefined && !isSound(state)) {
    throw invalidRequest('unsound_state', `The state may have at most ${longestState} characters, all printable`)
  }
  if (state === undefined && engine.settings.compatibility.stateRequired) {
    throw invalidRequest('missing_state', 'The state parameter is required')
  }
}

/**
 * What these hold would replace or narrow the request. Ignored, they would be answered as another request than the
 * client signed (RFC 9101 §10.5, OIDC Core §3.1.2.6).
 */
const unsupported = ['request', 'request_uri', 'registration'] as const

/** @throws ProtocolError, to be redirected */
export function mustStandForItself(params: Params): void {
  const name = unsupported.find((each) => params.get(each) !== undefined)
  if (name === undefined) return
  throw new ProtocolError(`${name}_not_supported`, 'unsupported_parameter', {
    description: `This server does not take '${name}'`,
  })
}

/** Everything that is checked once errors can be redirected. */
export async function authorizationRequestOf(
  engine: Engine,
  rules: AuthorizationRules,
  address: ReturnAddress,
  params: Params,
): Promise<AuthorizationRequest> {
  const { client } = address
  stateMustBeSound(engine, params.get('state'))
  const responseType = responseTypeOf(engine, rules, client, params)
  responseModeMustFit(rules, address, params)
  const challenge =
    responseType === 'code'
      ? challengeMustBeSound(
          engine.settings.requireS256 ? { ...client, pkce: [] } : client,
          params.get('code_challenge'),
          params.get('code_challenge_method'),
        )
      : undefined
  const prompt = promptOf(params)
  const maxAge = maxAgeOf(params)
  const acrValues = acrValuesOf(params)
  if (!isAcrReachable(engine.settings, { acrValues, maxAge })) throw unmet()
  const asked = { engine, client, params, scope: await scopeFor(engine, client, params.get('scope')) }
  const scope = await scopeOf(rules.factReaders, asked)
  return {
    ...address,
    responseType,
    challenge,
    prompt,
    maxAge,
    acrValues,
    scope,
    facts: await factsOf(rules.factReaders, { ...asked, scope }),
  }
}
