import { digestOf } from '../core/crypto/digest.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { Interaction } from '../core/model/interaction.ts'
import type { Engine } from '../core/ports/engine.ts'
import { formOf, type Params, parseParams } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import { type HttpResponse, seeOther } from '../http/response.ts'
import { beginInteraction } from '../interaction/begin.ts'
import { sessionIdOf } from '../interaction/browser.ts'
import type { Present } from '../interaction/presenter.ts'
import type { InteractionProtocol } from '../interaction/protocol.ts'
import { approvedLocation, checkAuthorization, decline, deniedLocation, newVerifier, stands } from './authorization.ts'
import type { OAuth1Context } from './context.ts'
import { outOfBand } from './request-token.ts'

const protocolName = 'oauth1'
const sealedAs = 'oauth1 authorization'

/** RFC 5849 §2.2: the resource owner authorization endpoint, before the sign-in and consent pages. */
export function oauth1AuthorizeEndpoint(engine: Engine, context: OAuth1Context, interactionPath: string) {
  const begin = async (http: HttpRequest, params: Params): Promise<HttpResponse> => {
    const token = params.get('oauth_token')
    const { client, temporary, scope } = await checkAuthorization(context, token)
    const asked = {
      protocol: protocolName,
      clientId: client.client_id,
      scope,
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
          approval: { userId: by.user.id, scope, verifier: digestOf(verifier), ...sessionIdOf(by) },
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
      await decline(context, digestOfRequest(interaction))
      if (interaction.redirectUri !== outOfBand)
        return seeOther(deniedLocation(interaction.redirectUri, tokenOf(interaction)))
      const client = await storage.findClient(interaction.clientId)
      return present('denied', { client: client === undefined ? undefined : { name: client.client_name } })
    },
  }
}
