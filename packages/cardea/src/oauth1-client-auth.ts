import { invalidRequest } from './core/spec/errors.ts'
import type { HttpRequest } from './http/request.ts'
import { isOAuth1Header } from './oauth1/authorization-header.ts'
import type { OAuth1Context } from './oauth1/context.ts'
import { OAuth1Error } from './oauth1/errors.ts'
import { parametersOf } from './oauth1/parameters.ts'
import { credentialOf } from './oauth1/protect.ts'
import { unverifiedRequest } from './oauth1/signed-request.ts'
import type { ClientAuthMethod } from './oauth2/client-auth/method.ts'
import { oauth1Signature } from './oauth2/token/grants/oauth1-exchange.ts'
import { tokenExchangeGrant } from './oauth2/token/token-exchange-names.ts'

/**
 * Protocol parameters of the header, held to the rules of every OAuth 1 request: each once, none too long, no control
 * characters. Undefined for another scheme. Throws `ProtocolError` for a header that cannot be read.
 */
function protocolOf(request: HttpRequest): ReadonlyMap<string, string> | undefined {
  const authorization = request.header('authorization')
  if (!isOAuth1Header(authorization)) return undefined
  try {
    return parametersOf({ query: '', authorization, contentType: undefined, body: undefined })?.protocol
  } catch (error) {
    if (error instanceof OAuth1Error) throw invalidRequest(error.reason, error.description)
    throw error
  }
}

/**
 * The signature of a token credential as client authentication: for the exchange, which is the only grant that takes
 * it. A client needs no other secret to move on to OAuth 2.
 */
export function oauth1ClientAuth(context: OAuth1Context): ClientAuthMethod {
  return {
    name: oauth1Signature,
    suits: (client) => client.oauth1 !== undefined && client.grant_types.includes(tokenExchangeGrant),
    present(request) {
      const protocol = protocolOf(request)
      if (protocol === undefined) return undefined
      const signedToken = protocol.get('oauth_token')
      const clientId = protocol.get('oauth_consumer_key') ?? ''
      return signedToken === undefined ? { clientId } : { clientId, signedToken }
    },
    async verify(_engine, _client, presented, _beforeGuess, request) {
      try {
        const read = await unverifiedRequest(request)
        if (read === undefined || read.place !== 'header') return false
        if (read.protocol.get('oauth_token') !== presented.signedToken) return false
        await credentialOf(context, read)
        return true
      } catch (error) {
        if (error instanceof OAuth1Error) return false
        throw error
      }
    },
  }
}
