import { digestOf } from '../../core/crypto/digest.ts'
import { mintToken } from '../../core/crypto/token-text.ts'
import type { Consent } from '../../core/model/authorization.ts'
import type { AuthorizationCode } from '../../core/model/code.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { Spend, StepOutcome } from '../../core/ports/ledger.ts'
import { accessDenied, type ProtocolError } from '../../core/spec/errors.ts'
import { newAuthorizationId } from '../../core/tokens/authorization-id.ts'
import { issueTokens } from '../../core/tokens/issue.ts'
import { RequestLedger } from '../../core/tokens/request-ledger.ts'
import { requirements } from '../../core/tokens/requirements.ts'
import type { HttpResponse } from '../../http/response.ts'
import { answerMustBeSound } from '../../http/sound-answer.ts'
import { type SignedIn, sessionIdOf } from '../../interaction/browser.ts'
import type { CompiledHooks } from '../compile-hooks.ts'
import { challengeWatch } from './challenge-watch.ts'
import type { ResponseFields, ResponseMode } from './response-mode.ts'
import { isAcrMet, signInFacts, unmet } from './sign-in-facts.ts'
import type { Answerable } from './stored-request.ts'
import { grantTypeOf } from './validate.ts'

/** What a person granted, and the step it is part of. */
export interface Granted {
  readonly by: SignedIn
  readonly scope: readonly string[]
  readonly spend?: Spend
  readonly consent?: Consent
  /** With what the request stands on, where that was not used up yet. */
  readonly ledger?: RequestLedger
}

/** Where an answer goes. */
export type Addressee = Pick<Answerable, 'clientId' | 'redirectUri' | 'responseMode' | 'state'>

export interface Responder {
  /** Undefined: what should be spent was spent before. */
  granted(request: Answerable, granted: Granted): Promise<HttpResponse | undefined>
  /** The person decided against it. */
  denied(request: Answerable, error: ProtocolError): Promise<HttpResponse>
  /** Anything else that is in the way. */
  refused(request: Addressee, error: ProtocolError): Promise<HttpResponse>
}

function codeFor(engine: Engine, text: string, request: Answerable, { by, scope }: Granted): AuthorizationCode {
  const now = engine.clock.now()
  return {
    digest: digestOf(text),
    authorizationId: newAuthorizationId(),
    clientId: request.clientId,
    userId: by.user.id,
    scope,
    ...signInFacts(engine.settings, request, by.session),
    redirectUri: request.redirectUri,
    redirectUriSent: request.redirectUriSent,
    ...sessionIdOf(by),
    authTime: by.session.authTime,
    issuedAt: now,
    expiresAt: now + engine.settings.lifetimes.authorizationCode,
    ...request.challenge,
  }
}

/** RFC 6749 §4.1.2: a code, saved in one step with the decision that bought it. */
async function codeFields(
  engine: Engine,
  watch: ReturnType<typeof challengeWatch>,
  request: Answerable,
  granted: Granted,
): Promise<ResponseFields | StepOutcome> {
  const text = mintToken('code')
  const code = codeFor(engine, text, request, granted)
  const { ledger = new RequestLedger(engine) } = granted
  const outcome = await ledger.commit({
    at: code.issuedAt,
    code,
    ...requirements(engine, request.clientId, code.userId),
    ...(granted.spend !== undefined && { spend: granted.spend }),
    ...(granted.consent !== undefined && { consent: granted.consent }),
  })
  if (outcome !== 'done') return outcome
  const { authorizationId, clientId, userId, scope } = code
  await engine.emit({ type: 'code_issued', clientId, userId, scope, authorizationId })
  await watch(code)
  return [['code', text]]
}

/** RFC 6749 §4.2.2: the token itself, without a refresh token. */
async function tokenFields(
  engine: Engine,
  request: Answerable,
  { by, scope, spend, consent, ledger = new RequestLedger(engine) }: Granted,
): Promise<ResponseFields | StepOutcome> {
  const client = await engine.store.clients.find(request.clientId)
  if (client === undefined) return 'revoked'
  const grantType = 'implicit'
  const result = await issueTokens(engine, ledger, {
    grantType,
    client,
    scope,
    userId: by.user.id,
    ...sessionIdOf(by),
    refresh: false,
    ...signInFacts(engine.settings, request, by.session),
    ...(spend !== undefined && { spend }),
    ...(consent !== undefined && { consent }),
  })
  if (result.outcome !== 'done') return result.outcome
  const { access, accessToken, members = {} } = result.issued
  const granted = access.scope
  const clientId = client.client_id
  await engine.emit({ type: 'token_issued', grantType, clientId, userId: by.user.id, scope: granted })
  const expiresIn =
    access.expiresAt === undefined ? [] : [['expires_in', String(access.expiresAt - access.issuedAt)] as const]
  const more = Object.entries(members).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  )
  const named = granted.length === 0 ? [] : [['scope', granted.join(' ')] as const]
  const { authorizationDetails } = access.facts ?? {}
  const details =
    authorizationDetails === undefined ? [] : [['authorization_details', JSON.stringify(authorizationDetails)] as const]
  return [['access_token', accessToken], ...expiresIn, ['token_type', 'Bearer'], ...named, ...details, ...more]
}

function errorFields(engine: Engine, { code, description }: ProtocolError): ResponseFields {
  const described: ResponseFields = description === undefined ? [] : [['error_description', description]]
  const page = engine.settings.errorUris[code]
  return [['error', code], ...described, ...(page === undefined ? [] : [['error_uri', page] as const])]
}

export function responder(engine: Engine, modes: readonly ResponseMode[], hooks: CompiledHooks): Responder {
  const watch = challengeWatch(engine.emit)
  // Nobody is told of a request that was used before.
  const isTold = hooks.beforeCreateAuthorizationResponse !== undefined || hooks.beforeIssueToken !== undefined
  const respond = async (request: Addressee, fields: ResponseFields): Promise<HttpResponse> => {
    const { clientId, redirectUri, responseMode, state } = request
    const mode = modes.find(({ name }) => name === responseMode)
    if (mode === undefined) throw new TypeError(`no response mode ${responseMode}`)
    const echoed: ResponseFields = state === undefined ? [] : [['state', state]]
    // RFC 9207 §2: tells the client which server answers, in errors too (mix-up attacks).
    const told: ResponseFields = [...fields, ...echoed, ['iss', engine.settings.issuer]]
    const response = await mode.respond(redirectUri, told, { clientId })
    answerMustBeSound(response, `the response mode ${responseMode}`)
    await hooks.afterAuthorizationResponse?.({ clientId, redirectUri, response })
    return response
  }
  const refused: Responder['refused'] = (request, error) => respond(request, errorFields(engine, error))
  /** What comes around a decision, be it for or against. */
  const decided = async <T extends HttpResponse | undefined>(
    { clientId, redirectUri, responseType }: Answerable,
    { scope, userId }: { readonly scope: readonly string[]; readonly userId?: string },
    make: () => Promise<T>,
  ): Promise<T> => {
    const grantType = grantTypeOf(responseType)
    const decision = { clientId, grantType, redirectUri, scope, ...(userId !== undefined && { userId }) }
    await hooks.beforeCreateAuthorizationResponse?.({ ...decision })
    const response = await make()
    if (response !== undefined) await hooks.afterCreateAuthorizationResponse?.({ ...decision, response })
    return response
  }
  /** The request is answered by that: it must not stay open for a second answer. */
  const refusedAtLast = async (request: Answerable, { spend }: Granted, error: ProtocolError) => {
    const isLate =
      spend?.kind === 'interaction' && !(await engine.store.interactions.take(spend.id, engine.clock.now()))
    return isLate ? undefined : refused(request, error)
  }
  const grant = async (request: Answerable, granted: Granted): Promise<HttpResponse | undefined> => {
    if (!isAcrMet(engine.settings, request, granted.by.session)) return refusedAtLast(request, granted, unmet())
    const isCode = request.responseType === 'code'
    const fields = await (isCode ? codeFields(engine, watch, request, granted) : tokenFields(engine, request, granted))
    if (typeof fields !== 'string') return respond(request, fields)
    if (fields === 'spent') return undefined
    // 'revoked': the client or the user was ended while the person was deciding.
    const gone = accessDenied('account_or_client_gone', 'The account or the application is no longer active')
    return refusedAtLast(request, granted, gone)
  }
  return {
    refused,
    denied: (request, error) => decided(request, { scope: [] }, () => refused(request, error)),
    async granted(request, granted) {
      if (isTold) await granted.ledger?.settle()
      return decided(request, { scope: granted.scope, userId: granted.by.user.id }, () => grant(request, granted))
    },
  }
}
