import type { Engine } from './core/ports/engine.ts'
import type { HttpRequest } from './http/request.ts'
import type { HttpResponse } from './http/response.ts'
import { challenge } from './oauth1/answers.ts'
import type { OAuth1Feature } from './oauth1-feature.ts'
import { challengeFrom, MissingToken, protectorFor, type ScopeNeed, type TokenInfo } from './oauth2/protect.ts'
import type { Refusals } from './refusals.ts'

export type { ScopeNeed } from './oauth2/protect.ts'

/** The token a request may go on with, or the answer that refuses it. Never rejects. */
export type ResourceGuard = (request: HttpRequest) => Promise<
  | { readonly token: TokenInfo }
  /** `anonymous`: the request tried no authentication at all, so a resource that is open to everybody may answer it. */
  | { readonly refused: HttpResponse; readonly anonymous?: true }
>

interface Accepted {
  readonly token: TokenInfo
}

interface GuardParts {
  readonly engine: Engine
  readonly refusals: Refusals
  readonly oauth1: OAuth1Feature | undefined
}

/**
 * Bearer tokens and, where OAuth 1 is on, signed requests, on one route. The scheme of the Authorization header says
 * which it is; a request without either scheme can only be an OAuth 1 one, signed in its query or form.
 */
export function resourceGuard({ engine, refusals, oauth1 }: GuardParts, need: ScopeNeed): ResourceGuard {
  const bearer = protectorFor(engine, need)
  const signed = oauth1?.protect(need)
  const realm = engine.settings.issuer
  /** RFC 9110 §11.6.1: whoever sent nothing is told of every way in. */
  const withBothSchemes = (refused: HttpResponse): HttpResponse => {
    if (signed === undefined) return refused
    const schemes = [refused.headers['www-authenticate'] ?? '', challenge(realm)].flat()
    return { ...refused, headers: { ...refused.headers, 'www-authenticate': schemes } }
  }
  const accepted = (token: TokenInfo): Accepted | Promise<Accepted> => {
    const { clientId, userId, scheme } = token
    const telling = engine.emit({
      type: 'token_authenticated',
      clientId,
      scheme,
      ...(userId !== undefined && { userId }),
    })
    return telling === undefined ? { token } : telling.then(() => ({ token }))
  }
  const byBearer: ResourceGuard = async (request) => {
    try {
      return accepted(await bearer(request))
    } catch (error) {
      if (error instanceof MissingToken) {
        const refused = withBothSchemes(challengeFrom(error, realm))
        return request.header('authorization') === undefined ? { refused, anonymous: true } : { refused }
      }
      return { refused: challengeFrom(await refusals.toProtocolError(error, 'resource'), realm) }
    }
  }
  return async (request) => {
    const authorization = request.header('authorization')
    if (signed === undefined || /^bearer(?:\s|$)/i.test(authorization ?? '')) {
      return byBearer(request)
    }
    try {
      const token = await signed(request)
      return token === undefined ? byBearer(request) : accepted(token)
    } catch (error) {
      return { refused: await refusals.asOAuth1Json(error, 'resource') }
    }
  }
}
