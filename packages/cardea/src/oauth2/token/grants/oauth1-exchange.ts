import { digestOf } from '../../../core/crypto/digest.ts'
import type { TokenCredential } from '../../../core/model/token-credential.ts'
import type { Engine } from '../../../core/ports/engine.ts'
import { narrowedScope, scopeStillAllowed } from '../../../core/rules/scope.ts'
import { invalidGrant, invalidRequest } from '../../../core/spec/errors.ts'
import { type IssuedTokens, issueTokens } from '../../../core/tokens/issue.ts'
import { required } from '../../../http/params.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'
import { grantsRefreshToken } from '../refresh-policy.ts'

/** RFC 8693 §2.1 leaves token types to whoever needs one. */
export const oauth1TokenType = 'urn:cardea:params:oauth:token-type:oauth1'
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

/** Name of the client authentication method: the signature of the very credential that is exchanged. */
export const oauth1Signature = 'oauth1_signature'

export interface OAuth1ExchangeOptions {
  /** A credential may be exchanged again and again. Default true; false: once. */
  readonly repeatedly?: boolean
  /** The credential is revoked by its exchange. Default false. */
  readonly revokes?: boolean
}

/** Year 9999: a credential is exchanged once, ever. */
const forEver = 253402300799

async function signedCredential({
  engine,
  params,
  signedToken,
  clientAuthMethod,
}: TokenRequest): Promise<TokenCredential> {
  if (clientAuthMethod !== oauth1Signature || signedToken === undefined) {
    throw invalidRequest('not_signed', 'Sign this request with the OAuth 1 token credential')
  }
  if (required(params, 'subject_token_type') !== oauth1TokenType) {
    throw invalidRequest('unsupported_subject_token_type', `Only ${oauth1TokenType} can be exchanged`)
  }
  const requestedType = params.get('requested_token_type')
  if (requestedType !== undefined && requestedType !== accessTokenType) {
    throw invalidRequest('unsupported_requested_token_type', `Only ${accessTokenType} is issued`)
  }
  if (required(params, 'subject_token') !== signedToken) {
    throw invalidRequest(
      'subject_token_not_signed_with',
      'The subject_token differs from the token the request is signed with',
    )
  }
  const found = await engine.store.tokenCredentials.find(digestOf(signedToken))
  if (found === undefined || found.revoked)
    throw invalidGrant('token_credential_not_active', 'The OAuth 1 token is not active')
  return found.credential
}

/** Of two exchanges that cross, the one that finds the mark made gives back what it got. */
async function mustBeFirst(
  engine: Engine,
  credential: TokenCredential,
  options: OAuth1ExchangeOptions,
  issued: IssuedTokens,
): Promise<void> {
  const now = engine.clock.now()
  const first = options.revokes
    ? await engine.store.tokenCredentials.revoke(credential.digest, now)
    : (await engine.store.replay.claim(`oauth1 exchange ${credential.digest}`, forEver, now)) === 'first'
  if (first) {
    const { authorizationId, clientId } = credential
    if (options.revokes) engine.emit({ type: 'token_revoked', kind: 'oauth1', clientId, authorizationId })
    return
  }
  if (issued.access.authorizationId !== undefined)
    await engine.store.authorizations.revoke(issued.access.authorizationId, now)
  throw invalidGrant('exchanged_before', 'The OAuth 1 token has been exchanged before')
}

/**
 * RFC 8693 §2: the way from OAuth 1 to OAuth 2. A token credential buys tokens for the same user, client and scope; the
 * request is signed with that credential, so that whoever merely saw its token cannot exchange it.
 */
export function oauth1Exchange(options: OAuth1ExchangeOptions = {}): Grant {
  const handle = async (request: TokenRequest): Promise<GrantAnswer> => {
    const { engine, client, params } = request
    const credential = await signedCredential(request)
    const { userId } = credential
    const result = await issueTokens(engine, {
      client,
      scope: scopeStillAllowed(
        client,
        await engine.store.scopes.all(),
        narrowedScope(credential.scope, params.get('scope')),
      ),
      userId,
      refresh: grantsRefreshToken(engine, client),
    })
    if (result.outcome !== 'done') throw invalidGrant('user_gone', 'The OAuth 1 token is not active')
    if (options.revokes || options.repeatedly === false) await mustBeFirst(engine, credential, options, result.issued)
    return { ...result.issued, members: { issued_token_type: accessTokenType } }
  }
  return { type: tokenExchangeGrant, publicClients: true, clientAuthMethod: oauth1Signature, handle }
}
