import { digestOf } from '../../../core/crypto/digest.ts'
import type { TokenCredential } from '../../../core/model/token-credential.ts'
import { narrowedScope, scopeStillAllowed } from '../../../core/rules/scope.ts'
import { invalidGrant, invalidRequest } from '../../../core/spec/errors.ts'
import { required } from '../../../http/params.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'
import { accessTokenType, tokenExchangeGrant } from '../token-exchange-names.ts'

/** RFC 8693 §2.1 leaves token types to whoever needs one. */
export const oauth1TokenType = 'urn:cardea:params:oauth:token-type:oauth1'

/** Name of the client authentication method: the signature of the very credential that is exchanged. */
export const oauth1Signature = 'oauth1_signature'

/** How credentials of OAuth 1 become tokens of OAuth 2. */
export interface OAuth1ExchangeOptions {
  /** A credential may be exchanged again and again. Default true; false: once, ever, and it goes on signing requests. */
  readonly repeatedly?: boolean
  /** The credential is revoked by its exchange, in the same step. Default false: it works on, beside what it bought. */
  readonly revokes?: boolean
}

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
  if (params.get('actor_token') !== undefined || params.get('actor_token_type') !== undefined) {
    throw invalidRequest('actor_not_supported', 'An OAuth 1 token is exchanged without an actor_token')
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

/** What one that can be exchanged once is spent by: together with what it buys, so that of many exchanges one buys. */
function spendOf({ digest }: TokenCredential, { repeatedly = true, revokes = false }: OAuth1ExchangeOptions) {
  if (repeatedly && !revokes) return undefined
  return { kind: 'token_credential', digest, ends: revokes } as const
}

/**
 * RFC 8693 §2: the way from OAuth 1 to OAuth 2. A token credential buys tokens for the same user, client and scope; the
 * request is signed with that credential, so that whoever merely saw its token cannot exchange it.
 *
 * The OAuth 2 tokens are an authorization of their own, with the lifetimes of OAuth 2. They outlive the credential they
 * were bought with: its expiry or revocation, by `revokes` too, does not end them. What ends both is the end of the
 * client, of the user, or of what the user allowed the client (`Authorizations.revokeByUser`, `revokeByClient`).
 */
export async function exchangeOAuth1(request: TokenRequest, options: OAuth1ExchangeOptions): Promise<GrantAnswer> {
  const { engine, client, params } = request
  const credential = await signedCredential(request)
  const { authorizationId, userId } = credential
  const spend = spendOf(credential, options)
  const narrowed = narrowedScope(credential.scope, params.get('scope'))
  const result = await request.tryIssue({
    scope: scopeStillAllowed(client, await engine.store.scopes.all(), narrowed),
    userId,
    ...(spend !== undefined && { spend }),
  })
  if (result.outcome === 'spent') throw invalidGrant('exchanged_before', 'The OAuth 1 token has been exchanged before')
  if (result.outcome !== 'done') throw invalidGrant('user_gone', 'The OAuth 1 token is not active')
  if (spend?.ends === true)
    await engine.emit({ type: 'token_revoked', kind: 'oauth1', clientId: client.client_id, authorizationId })
  return { ...result.issued, members: { ...result.issued.members, issued_token_type: accessTokenType } }
}

/** The exchange of credentials of OAuth 1 and of nothing else, proved by their signature and by nothing else. */
export const oauth1Exchange = (options: OAuth1ExchangeOptions = {}): Grant => ({
  type: tokenExchangeGrant,
  publicClients: true,
  clientAuthMethod: oauth1Signature,
  handle: (request) => exchangeOAuth1(request, options),
})
