import { digestOf } from '../core/crypto/digest.ts'
import type { Client } from '../core/model/client.ts'
import { matchesUri } from '../core/rules/redirect-uri.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { credentialsAnswer } from './answers.ts'
import { claimedClient, mustBeAuthentic } from './authenticate.ts'
import type { OAuth1Context } from './context.ts'
import { percentDecode } from './encoding.ts'
import { badRequest } from './errors.ts'
import { requiredParameter } from './protocol-parameters.ts'
import { sealedAs } from './secret-purposes.ts'
import { mustBeOAuth1, type UnverifiedRequest } from './signed-request.ts'

export const outOfBand = 'oob'

/** RFC 5849 §2.1: `oob` or an absolute URI. */
function requestedCallback({ protocol }: UnverifiedRequest): string {
  const callback = requiredParameter(protocol, 'oauth_callback')
  if (callback === outOfBand || URL.canParse(callback)) return callback
  throw badRequest('malformed_callback', "oauth_callback must be an absolute URI or 'oob'")
}

/**
 * RFC 5849 §2.1 leaves it to the server; without registration, anybody could have verifiers sent to themselves. A client
 * that names none and is not registered for `oob` gets the first of its own.
 */
function registeredCallback(client: Client, requested: string): string {
  const callbacks = client.oauth1?.callbacks ?? []
  if (requested === outOfBand && callbacks[0] !== undefined)
    return callbacks.includes(outOfBand) ? outOfBand : callbacks[0]
  if (requested !== outOfBand && matchesUri(callbacks, client.application_type, requested)) return requested
  throw badRequest('callback_not_registered', 'This oauth_callback is not registered for the client')
}

/** A `scope` parameter beside the protocol's own, as many OAuth 1 APIs had it; without one, the default. */
function scopeOf({ engine }: OAuth1Context, request: UnverifiedRequest, client: Client): Promise<readonly string[]> {
  const values = request.pairs.filter(([name]) => name === 'scope').map(([, value]) => percentDecode(value))
  if (values.length > 1) throw badRequest('repeated_scope', "Multiple 'scope' in request")
  return engine.grantableScope(client, values[0] || undefined)
}

/** RFC 5849 §2.1: temporary credentials. */
export function requestTokenEndpoint(context: OAuth1Context) {
  return async (http: HttpRequest): Promise<HttpResponse> => {
    const request = await mustBeOAuth1(http)
    requiredParameter(request.protocol, 'oauth_consumer_key')
    const requested = requestedCallback(request)
    const claimed = await claimedClient(context, request)
    await mustBeAuthentic(context, request, claimed)
    const client = claimed.client as Client
    const callback = registeredCallback(client, requested)
    const scope = await scopeOf(context, request, client)
    const { token, secret } = context.generateToken()
    const digest = digestOf(token)
    const now = context.engine.clock.now()
    await context.storage.saveTemporary({
      digest,
      clientId: client.client_id,
      sealedSecret: context.engine.keyring.seal(sealedAs.token, secret, digest),
      callback,
      scope,
      createdAt: now,
      expiresAt: now + context.settings.temporaryCredential,
    })
    return credentialsAnswer({ oauth_token: token, oauth_token_secret: secret, oauth_callback_confirmed: 'true' })
  }
}
