import { mayUseGrantType } from '../../core/model/client.ts'
import { tokenReference } from '../../core/model/token.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidRequest, type ProtocolError, unauthorizedClient, unsupportedGrantType } from '../../core/spec/errors.ts'
import { isIssued } from '../../core/tokens/issued-tokens.ts'
import { RequestLedger } from '../../core/tokens/request-ledger.ts'
import { tokenTypeOf } from '../../core/tokens/token-type.ts'
import { formOf, type Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import { type HttpResponse, json, type ResponseHeaders } from '../../http/response.ts'
import {
  type AuthenticatedClient,
  type IdentifiedClient,
  identifyClient,
  secretMethods,
} from '../client-auth/authenticate.ts'
import type { ClientAuthMethod } from '../client-auth/method.ts'
import type { CompiledHooks } from '../compile-hooks.ts'
import { type ProofReader, proofOf } from '../proof/proof-reader.ts'
import { membersMustBeFree } from '../response-members.ts'
import type { Grant, GrantAnswer } from './grant.ts'
import { grantsRefreshToken } from './refresh-policy.ts'
import { ReceivedTokenRequest } from './token-request.ts'

export interface TokenEndpointOptions {
  readonly grants: readonly Grant[]
  readonly clientAuthMethods: readonly ClientAuthMethod[]
  readonly hooks: CompiledHooks
  /** Ways to prove possession of a key that tokens are bound to. */
  readonly proofReaders: readonly ProofReader[]
  /** Where this endpoint is, by configuration. */
  readonly urls: readonly string[]
}

function clientMayUse(engine: Engine, grant: Grant, { client, method }: AuthenticatedClient): void {
  // A refresh token that a compatibility option hands out to every client must be of use to every client.
  const isRegistered =
    grant.type === 'refresh_token' ? grantsRefreshToken(engine, client) : mayUseGrantType(client, grant.type)
  if (!isRegistered) {
    throw unauthorizedClient('grant_type_not_registered', 'The client is not registered for this grant type')
  }
  // A signature of OAuth 1 proves the client for the exchange only, and nothing else proves it there.
  const isUnregistered =
    client.token_endpoint_auth_method !== method && !secretMethods.includes(method) && grant.alsoTakes !== method
  if (grant.clientAuthMethod === undefined ? isUnregistered : grant.clientAuthMethod !== method) {
    throw unauthorizedClient('client_auth_method_for_grant', 'This grant type takes another client authentication')
  }
  if (!grant.publicClients && client.token_endpoint_auth_method === 'none') {
    throw unauthorizedClient('public_client', 'This grant type is for clients that authenticate')
  }
}

/** RFC 6749 §5.1. */
function tokenAnswer(engine: Engine, answer: GrantAnswer, headers: ResponseHeaders | undefined): HttpResponse {
  const { access, accessToken, refreshToken, members } = answer
  const body: Record<string, unknown> = {}
  if (engine.settings.compatibility.tokenAnswerId) body.id = tokenReference(access.digest)
  body.access_token = accessToken
  if (access.expiresAt !== undefined) body.expires_in = access.expiresAt - access.issuedAt
  body.token_type = tokenTypeOf(access)
  // RFC 6749 §3.3: at least one name.
  if (access.scope.length > 0) body.scope = access.scope.join(' ')
  if (refreshToken !== undefined) body.refresh_token = refreshToken
  // RFC 9396 §7.
  const details = access.facts?.authorizationDetails
  if (details !== undefined) body.authorization_details = details
  if (members !== undefined) Object.assign(body, members)
  return json(200, body, headers)
}

/** Tokens from elsewhere would have passed by every hook, and nobody could revoke them. */
function answerMustBeOurs({ type }: Grant, answer: unknown): void {
  if (!isIssued(answer)) throw new TypeError(`the grant ${type} must answer with what request.issue() returned`)
  if (answer.members !== undefined) membersMustBeFree(`the grant ${type}`, answer.members)
}

function report(
  engine: Engine,
  grantType: string,
  clientId: string,
  { access }: GrantAnswer,
): Promise<void> | undefined {
  return engine.emit({
    type: 'token_issued',
    grantType,
    clientId,
    scope: access.scope,
    ...(access.userId !== undefined && { userId: access.userId }),
    ...(access.authorizationId !== undefined && { authorizationId: access.authorizationId }),
  })
}

/** RFC 8707 §2.2, RFC 8693 §2.1: all others come once (RFC 6749 §3.2). */
const repeatable = ['resource', 'audience']

/** Whether somebody is told of a request before anything is issued, who then must not be told twice of one. */
const isTold = (hooks: CompiledHooks): boolean =>
  (
    [
      'beforeValidateTokenRequest',
      'afterValidateTokenRequest',
      'beforeCreateTokenResponse',
      'beforeIssueToken',
    ] as const
  ).some((name) => hooks[name] !== undefined)

/** RFC 6749 §3.2: the phases every grant shares; none can be skipped by a grant. */
export function tokenEndpoint(engine: Engine, options: TokenEndpointOptions) {
  const { grants, clientAuthMethods, hooks, proofReaders, urls } = options
  const grantsByType = new Map(grants.map((grant) => [grant.type, grant]))
  const hasListeners = isTold(hooks)
  const answered = async (
    request: HttpRequest,
    params: Params,
    identified: IdentifiedClient,
    ledger: RequestLedger,
  ): Promise<HttpResponse> => {
    const { client } = identified
    const grantType = params.get('grant_type')
    if (grantType === undefined)
      throw invalidRequest('missing_grant_type', 'The grant type was not specified in the request')
    const grant = grantsByType.get(grantType)
    if (grant === undefined) throw unsupportedGrantType('unsupported_grant_type', 'Invalid grant type')
    clientMayUse(engine, grant, identified)
    if (identified.pending !== undefined && (hasListeners || !grant.onlyIssues)) await ledger.settle()
    if (hooks.beforeValidateTokenRequest !== undefined)
      await hooks.beforeValidateTokenRequest({ client, grantType, params, request })
    const proving = proofOf(proofReaders, { engine, client, request, urls, demanded: true })
    const proof = proving === undefined ? undefined : await proving
    if (proof?.uses !== undefined) ledger.add(proof.uses)
    const confirmation = proof?.confirmation
    const asked = { grantType, params, request, confirmation }
    const received = new ReceivedTokenRequest(engine, hooks, identified, asked, ledger)
    const answer = await grant.handle(received)
    answerMustBeOurs(grant, answer)
    const telling = report(engine, grantType, client.client_id, answer)
    if (telling !== undefined) await telling
    const response = tokenAnswer(engine, answer, proof?.headers)
    if (hooks.afterCreateTokenResponse !== undefined)
      await hooks.afterCreateTokenResponse({ ...received.allowed(answer.access), response })
    return response
  }
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const params = await formOf(request, { repeatable })
    const identified = await identifyClient(engine, clientAuthMethods, request, params)
    const { pending } = identified
    const ledger = new RequestLedger(engine, pending && [pending])
    if (pending === undefined) return await answered(request, params, identified, ledger)
    return await ledger.through(() => answered(request, params, identified, ledger))
  }
}

/** Errors of RFC 6749 §5.2, as JSON. */
export function tokenErrorResponse(error: ProtocolError, { issuer, errorUris }: Engine['settings']): HttpResponse {
  const uri = errorUris[error.code]
  return json(error.status, uri === undefined ? error : { ...error.toJSON(), error_uri: uri }, {
    // RFC 9110 §15.5.2: a 401 always says how to authenticate.
    ...(error.status === 401 && { 'www-authenticate': `Basic realm="${issuer}", charset="UTF-8"` }),
    ...(error.allow !== undefined && { allow: error.allow.join(', ') }),
    ...(error.retryAfter !== undefined && { 'retry-after': String(error.retryAfter) }),
    ...error.headers,
  })
}
