import { invalidRequest } from '../../core/spec/errors.ts'
import { isForm } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'

const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i

/** RFC 6750 §2.1. */
function inHeader(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return undefined
  const token = bearer.exec(authorization)?.[1]
  if (token === undefined) throw invalidRequest('malformed_bearer', 'The Bearer credentials cannot be read')
  return token
}

/** Read apart from the host's own parameters, which may be anything and come any number of times. */
const accessTokensOf = (text: string): string[] => new URLSearchParams(text).getAll('access_token')

/** RFC 6750 §2.2: a form body, never of a GET. */
async function inForm(request: HttpRequest): Promise<string[]> {
  if (request.method === 'GET' || !isForm(request.header('content-type'))) return []
  return accessTokensOf(await request.text())
}

/**
 * RFC 6750 §2: the token of a request, from one place. The Authorization header by default; form body and query only
 * where an older deployment's clients need them, since tokens in URLs end up in logs and histories.
 * @throws ProtocolError `invalid_request` for a token in several places
 */
export async function bearerTokenOf(
  request: HttpRequest,
  { bearerTokenInFormOrQuery }: { readonly bearerTokenInFormOrQuery: boolean },
): Promise<string | undefined> {
  const header = inHeader(request.header('authorization'))
  if (!bearerTokenInFormOrQuery) return header
  const found = [...(await inForm(request)), ...accessTokensOf(request.query)]
  if (header !== undefined) found.push(header)
  if (found.length > 1) throw invalidRequest('token_in_several_places', 'Send the access token in one place')
  return found[0]
}
