import type { HttpResponse } from '../http/response.ts'

/** Members of token and authorization responses that only the engine writes. */
const own = [
  'access_token',
  'token_type',
  'expires_in',
  'refresh_token',
  'scope',
  'authorization_details',
  'id',
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
]

/** @throws TypeError when one would replace a member of the protocol */
export function membersMustBeFree(where: string, members: Readonly<Record<string, unknown>>): void {
  const taken = Object.keys(members).find((name) => own.includes(name))
  if (taken !== undefined) throw new TypeError(`${where}: the member ${taken} is the server's own`)
}

/**
 * The answer with more members, those it has unchanged. A token that is not active stays that and nothing more
 * (RFC 7662 §2.2).
 * @throws TypeError when the answer is no JSON object
 */
export function withMembers(response: HttpResponse, members: Readonly<Record<string, unknown>>): HttpResponse {
  const type = response.headers['content-type']
  const body: unknown =
    typeof type === 'string' && type.startsWith('application/json') ? JSON.parse(response.body) : null
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new TypeError('hooks.afterEndpointResponse: only an answer that is a JSON object takes members')
  }
  if ('active' in body && body.active === false) return response
  return { ...response, body: JSON.stringify({ ...members, ...body }) }
}
