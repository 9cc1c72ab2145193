import { digestOf, equalDigests } from '../core/crypto/digest.ts'
import type { Authorization } from '../core/model/authorization.ts'
import type { Client } from '../core/model/client.ts'
import type { TemporaryApproval, TemporaryCredential } from '../core/model/temporary-credential.ts'
import type { TokenCredential } from '../core/model/token-credential.ts'
import { newAuthorizationId } from '../core/tokens/authorization-id.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { credentialsAnswer } from './answers.ts'
import { type Claimed, claimedClient, mustBeAuthentic, orProblem } from './authenticate.ts'
import type { OAuth1Context } from './context.ts'
import { credentialIssue } from './credential-issue.ts'
import { badRequest, OAuth1Error } from './errors.ts'
import { requiredParameter } from './protocol-parameters.ts'
import { sealedAs } from './secret-purposes.ts'
import { mustBeOAuth1, type UnverifiedRequest } from './signed-request.ts'

/** Year 9999. */
const neverEnds = 253402300799

const invalidToken = (reason: string): OAuth1Error =>
  new OAuth1Error('invalid_token', reason, { description: 'Invalid oauth_token' })

/** RFC 5849 §2.3: of this very client, not yet exchanged, not expired. What is not, is verified like an unknown one. */
async function claimedTemporary(context: OAuth1Context, request: UnverifiedRequest, claimed: Claimed) {
  const token = orProblem(claimed, () => requiredParameter(request.protocol, 'oauth_token'))
  const temporary = await context.storage.findTemporary(digestOf(token))
  const isLive =
    temporary !== undefined &&
    temporary.clientId === claimed.client?.client_id &&
    temporary.takenAt === undefined &&
    context.engine.clock.now() < temporary.expiresAt
  if (!isLive)
    return {
      temporary: undefined,
      claimed: {
        ...claimed,
        token: context.nobody.token,
        problem: claimed.problem ?? invalidToken('unknown_temporary_credential'),
      },
    }
  return { temporary, claimed: { ...claimed, token: temporary } }
}

/**
 * RFC 5849 §2.3: only whom the resource owner sent back knows the verifier. Tries are counted before they are compared:
 * a verifier that people type is short, and a client that guesses loses the credential.
 */
async function verifierMustMatch(
  context: OAuth1Context,
  temporary: TemporaryCredential,
  verifier: string,
): Promise<TemporaryApproval> {
  const { approval, digest } = temporary
  if (approval === undefined) throw invalidToken('not_approved')
  const { engine, settings, storage } = context
  const window = settings.temporaryCredential
  const count = await storage.countVerifier(temporary, window, engine.clock.now())
  // Refused, and not removed: of many requests in parallel that all know the verifier, one still has to win.
  if (count > settings.verifierAttempts) throw invalidToken('too_many_verifiers')
  if (equalDigests(approval.verifier, digestOf(verifier))) return approval
  if (count === settings.verifierAttempts) await storage.removeTemporary(digest)
  throw badRequest('wrong_verifier', 'Invalid oauth_verifier')
}

interface Minted {
  readonly authorization: Authorization
  readonly credential: TokenCredential
  readonly token: string
  readonly secret: string
}

function mint(
  context: OAuth1Context,
  temporary: TemporaryCredential,
  approval: Omit<TemporaryApproval, 'verifier'>,
  life: number,
): Minted {
  const { token, secret } = context.generateToken()
  const digest = digestOf(token)
  const now = context.engine.clock.now()
  const shared = { clientId: temporary.clientId, userId: approval.userId, scope: approval.scope }
  const authorization: Authorization = {
    ...shared,
    id: newAuthorizationId(),
    createdAt: now,
    expiresAt: life === 0 ? neverEnds : now + life,
    ...(approval.sessionId !== undefined && { sessionId: approval.sessionId }),
  }
  const credential: TokenCredential = {
    ...shared,
    digest,
    authorizationId: authorization.id,
    sealedSecret: context.engine.keyring.seal(sealedAs.token, secret, digest),
    issuedAt: now,
    ...(life > 0 && { expiresAt: now + life }),
  }
  return { authorization, credential, token, secret }
}

/** RFC 5849 §2.3: exchanges an approved temporary credential for a token credential, once. */
export function accessTokenEndpoint(context: OAuth1Context) {
  const { engine, storage } = context
  return async (http: HttpRequest): Promise<HttpResponse> => {
    const request = await mustBeOAuth1(http)
    const client = await claimedClient(context, request)
    const { temporary, claimed } = await claimedTemporary(context, request, client)
    const verifier = orProblem(claimed, () => requiredParameter(request.protocol, 'oauth_verifier'))
    await mustBeAuthentic(context, request, claimed)
    const approval = await verifierMustMatch(context, temporary as TemporaryCredential, verifier)
    // At the last moment: a host's users, and a cache's credentials, are not ended together with what is in a store.
    if ((await engine.findHolder(approval.userId)) === undefined) throw invalidToken('user_gone')
    // What was taken from the client while the person decided must not come back for as long as the token lives.
    const allowed = await engine.scopeStillAllowed(claimed.client as Client, approval.scope)
    const {
      scope: left,
      lifetime,
      members,
    } = await credentialIssue(context, {
      client: claimed.client as Client,
      userId: approval.userId,
      scope: allowed,
    })
    const minted = mint(context, temporary as TemporaryCredential, { ...approval, scope: left }, lifetime)
    const { authorization, credential, token, secret } = minted
    const plain = { token, secret }
    const { digest } = temporary as TemporaryCredential
    const step = { temporary: digest, verifier: approval.verifier, authorization, credential, plain }
    const outcome = await storage.exchange(step, engine.clock.now())
    if (outcome !== 'done') throw invalidToken(outcome === 'spent' ? 'exchanged_before' : 'approval_withdrawn')
    const { clientId, userId, scope, authorizationId } = credential
    await engine.emit({ type: 'token_issued', grantType: 'oauth1', clientId, userId, scope, authorizationId })
    return credentialsAnswer({ oauth_token: token, oauth_token_secret: secret }, members)
  }
}
