import { digestOf } from '../core/crypto/digest.ts'
import { opaqueText, readableText } from '../core/crypto/opaque-text.ts'
import type { Client } from '../core/model/client.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { Interaction } from '../core/model/interaction.ts'
import type { TemporaryCredential } from '../core/model/temporary-credential.ts'
import { matchesUri, redirectUriProblem } from '../core/rules/redirect-uri.ts'
import { formOf, type Params, parseParams } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import { type HttpResponse, seeOther } from '../http/response.ts'
import { beginInteraction } from '../interaction/begin.ts'
import type { Present } from '../interaction/presenter.ts'
import type { InteractionProtocol } from '../interaction/protocol.ts'
import type { OAuth1Context } from './context.ts'
import { OAuth1Error } from './errors.ts'
import { outOfBand } from './request-token.ts'

const protocolName = 'oauth1'
const sealedAs = 'oauth1 authorization'

/** RFC 5849 §2.2: what the resource owner is asked about. */
export interface AuthorizationCheck {
  readonly client: Client
  readonly temporary: TemporaryCredential
}

/**
 * RFC 5849 §2.2. Its errors are for a page: nothing is redirected on behalf of a token nobody asked for.
 * @throws OAuth1Error `missing_required_parameter` or `invalid_token`
 */
export async function checkAuthorization(
  context: OAuth1Context,
  token: string | undefined,
): Promise<AuthorizationCheck> {
  if (token === undefined) {
    throw new OAuth1Error('missing_required_parameter', 'missing_oauth_token', {
      description: "Missing 'oauth_token' in request",
    })
  }
  const temporary = await context.storage.findTemporary(digestOf(token))
  const isOpen = temporary !== undefined && temporary.approval === undefined && temporary.takenAt === undefined
  const client = isOpen ? await context.storage.findClient(temporary.clientId) : undefined
  const isLive = isOpen && context.engine.clock.now() < temporary.expiresAt
  if (!isLive || client?.oauth1 === undefined || client.disabled || !stands(client, temporary.callback)) {
    throw new OAuth1Error('invalid_token', 'temporary_credential_not_open', {
      description: 'This request has expired or was answered already. Go back to the application and start again',
    })
  }
  return { client, temporary }
}

/** Registered still, and safe to send a person to, whatever a store let in. */
function stands(client: Client, callback: string): boolean {
  const callbacks = client.oauth1?.callbacks ?? []
  if (callback === outOfBand) return callbacks.includes(outOfBand)
  return (
    matchesUri(callbacks, client.application_type, callback) &&
    redirectUriProblem(callback, client.application_type) === undefined
  )
}

const withParameters = (callback: string, fields: Readonly<Record<string, string>>): string => {
  const query = Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const joint = !callback.includes('?') ? '?' : /[?&]$/.test(callback) ? '' : '&'
  return callback + joint + query
}

/** A verifier for a redirect, or a short one for a person to type in. */
export const newVerifier = ({ settings }: OAuth1Context, callback: string): string =>
  callback === outOfBand ? readableText(settings.pinLength) : opaqueText(36)

export const approvedLocation = (callback: string, token: string, verifier: string): string =>
  withParameters(callback, { oauth_token: token, oauth_verifier: verifier })

export const deniedLocation = (callback: string, token: string): string =>
  withParameters(callback, { oauth_token: token, error: 'access_denied', error_description: 'The user denied access' })

/** RFC 5849 §2.2: the resource owner authorization endpoint, before the sign-in and consent pages. */
export function oauth1AuthorizeEndpoint(context: OAuth1Context, interactionPath: string) {
  const { engine } = context
  const begin = async (http: HttpRequest, params: Params): Promise<HttpResponse> => {
    const token = params.get('oauth_token')
    const { client, temporary } = await checkAuthorization(context, token)
    const asked = {
      protocol: protocolName,
      clientId: client.client_id,
      scope: temporary.scope,
      redirectUri: temporary.callback,
      freshSignIn: false,
      // Whoever holds a consumer key can begin this: an answer is never given silently.
      askConsent: true,
      request: { digest: temporary.digest, token: engine.keyring.seal(sealedAs, token as string) },
    }
    return beginInteraction(engine, http, asked, interactionPath)
  }
  return {
    GET: (http: HttpRequest) => begin(http, parseParams(http.query)),
    POST: async (http: HttpRequest) => begin(http, await formOf(http)),
  }
}

/** How an OAuth 1 request is answered once the person has decided. */
export function oauth1Interaction(context: OAuth1Context, present: Present): InteractionProtocol {
  const { engine, storage } = context
  const tokenOf = ({ request }: Interaction): string => engine.keyring.open(sealedAs, request.token ?? '') ?? ''
  const digestOfRequest = ({ request }: Interaction): TokenDigest => request.digest as TokenDigest
  return {
    name: protocolName,
    stands: async (interaction, client) => stands(client, interaction.redirectUri),
    async granted(interaction, by, scope, remember) {
      const now = engine.clock.now()
      const verifier = newVerifier(context, interaction.redirectUri)
      const { clientId } = interaction
      const outcome = await storage.approve(
        {
          digest: digestOfRequest(interaction),
          approval: { userId: by.user.id, scope, verifier: digestOf(verifier), sessionId: by.session.digest },
          interactionId: interaction.id,
          clientId,
          ...(remember !== undefined && { consent: { userId: by.user.id, clientId, scope: remember, updatedAt: now } }),
        },
        now,
      )
      if (outcome !== 'done') return undefined
      if (interaction.redirectUri !== outOfBand)
        return seeOther(approvedLocation(interaction.redirectUri, tokenOf(interaction), verifier))
      const client = await storage.findClient(clientId)
      return present('verifier', { client: { name: client?.client_name ?? clientId }, verifier })
    },
    async denied(interaction) {
      await storage.removeTemporary(digestOfRequest(interaction))
      if (interaction.redirectUri !== outOfBand)
        return seeOther(deniedLocation(interaction.redirectUri, tokenOf(interaction)))
      const client = await storage.findClient(interaction.clientId)
      return present('denied', { client: client === undefined ? undefined : { name: client.client_name } })
    },
  }
}
