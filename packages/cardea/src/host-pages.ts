import type { Engine } from './core/ports/engine.ts'
import { ProtocolError } from './core/spec/errors.ts'
import { answeredBy, answerToError } from './http/error-answer.ts'
import type { HttpRequest } from './http/request.ts'
import type { HttpResponse, ResponseHeaders } from './http/response.ts'
import type { SignedIn } from './interaction/browser.ts'
import type { HostConsent, HostDecision, OpenConsent } from './oauth2/authorize/open-consent.ts'
import type { Refusals } from './refusals.ts'
import { mustBeSecure } from './secure-transport.ts'

/** The authorization endpoint in steps, for hosts whose own pages sign people in and ask for consent. */
export interface HostPages {
  /**
   * Checks an authorization request, or finds the one that the host's form brings the ticket of.
   * @throws ProtocolError, with `redirect` where the client is to be told; `refuse` answers it
   */
  open(request: HttpRequest, signedIn: SignedIn | undefined, ticket?: string): Promise<OpenConsent>
  /** Answers a decision; a second one about the same request is refused. @throws TypeError when nobody was asked */
  decide(request: HttpRequest, consent: OpenConsent, decision: HostDecision): Promise<HttpResponse>
  /** The answer to what was thrown: a redirect to the client where it is to be told, otherwise a page, or JSON for a request that accepts no page. */
  refuse(request: HttpRequest, error: unknown): Promise<HttpResponse>
}

interface HostPagesParts {
  readonly engine: Engine
  readonly consent: HostConsent
  readonly refusals: Refusals
  /** Headers of every answer. */
  readonly always: ResponseHeaders
}

const endpoint = 'authorize'

const wantsJson = (request: HttpRequest): boolean => {
  const accept = request.header('accept') ?? ''
  return accept.includes('json') && !accept.includes('html')
}

export function hostPages({ engine, consent, refusals, always }: HostPagesParts): HostPages {
  const withHeaders = (answer: HttpResponse): HttpResponse => ({ ...answer, headers: { ...answer.headers, ...always } })

  const told = async (error: ProtocolError): Promise<HttpResponse | undefined> => {
    if (error.redirect === undefined) return undefined
    const { code, reason } = error
    await engine.emit({ type: 'request_refused', endpoint, code, reason, clientId: error.redirect.clientId })
    return consent.refused(error)
  }

  const refuse = async (request: HttpRequest, error: unknown): Promise<HttpResponse> => {
    const known = answerToError(error) ?? (error instanceof ProtocolError ? await told(error) : undefined)
    const asked = wantsJson(request) ? refusals.asJson : refusals.asPage
    return withHeaders(known ?? (await asked(error, endpoint)))
  }

  return {
    refuse,
    async open(request, signedIn, ticket) {
      try {
        mustBeSecure(engine, request)
        return await consent.open(request, signedIn, ticket)
      } catch (error) {
        if (typeof error !== 'object' || error === null || error instanceof TypeError) throw error
        throw answeredBy(error, await refuse(request, error))
      }
    },
    async decide(request, asked, decision) {
      try {
        mustBeSecure(engine, request)
        return withHeaders(await consent.decide(asked, decision))
      } catch (error) {
        if (error instanceof TypeError) throw error
        return refuse(request, error)
      }
    },
  }
}
