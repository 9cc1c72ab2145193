import assert from 'node:assert/strict'
import { hmacSha1, type SignedRequest, type Signing, signRequest } from 'cardea/oauth1'
import { printer } from './actors.ts'
import { browserFor, formType, type RawAnswer, sendExactly, signInAndAllow } from './client.ts'
import type { Started } from './setup.ts'

export interface Credentials {
  readonly token: string
  readonly secret: string
}

export interface Wanted extends Partial<Omit<Signing, 'token'>> {
  readonly credentials?: Credentials
  readonly method?: string
  readonly body?: string
}

let nonces = 0

/** A request signed by the client of OAuth 1. */
export function signed(server: Started, url: string, wanted: Wanted = {}): SignedRequest {
  const { credentials, method = 'POST', body, ...signing } = wanted
  nonces += 1
  return signRequest(
    { method, url, ...(body !== undefined && { body, contentType: formType }) },
    {
      consumerKey: printer.key,
      signatureMethod: hmacSha1,
      timestamp: server.now(),
      nonce: `nonce-${nonces}`,
      keys: { clientSecret: printer.secret, ...(credentials && { tokenSecret: credentials.secret }) },
      ...(credentials && { token: credentials.token }),
      ...signing,
    },
  )
}

/** Sends it just as it was signed. */
export function send(server: Started, { method, url, headers, body }: SignedRequest): Promise<RawAnswer> {
  const path = url.slice(server.origin.length)
  return sendExactly(server, { method, path, headers: Object.entries(headers).flat(), ...(body && { body }) })
}

function credentialsIn({ status, body }: RawAnswer): Credentials {
  const members = new URLSearchParams(body)
  assert.equal(status, 200, body)
  return { token: members.get('oauth_token') ?? '', secret: members.get('oauth_token_secret') ?? '' }
}

/** All three legs; the parameters of the first in that place. */
export async function tokenFor(server: Started, place: Signing['place'] = 'header'): Promise<Credentials> {
  const { issuer } = server
  const parameters = { oauth_callback: printer.callback }
  const asked = signed(server, `${issuer}/oauth1/initiate`, { place, parameters })
  const temporary = credentialsIn(await send(server, asked))
  const path = `${new URL(issuer).pathname.replace(/\/$/, '')}/oauth1/authorize?oauth_token=${temporary.token}`
  const decided = await signInAndAllow(browserFor(server), path)
  const sent = new URL(decided.headers.get('location') ?? '')
  const verifier = { oauth_verifier: sent.searchParams.get('oauth_verifier') ?? '' }
  const exchange = signed(server, `${issuer}/oauth1/token`, { place, credentials: temporary, parameters: verifier })
  return credentialsIn(await send(server, exchange))
}
