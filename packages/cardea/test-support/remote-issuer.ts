import type { TestContext } from 'node:test'
import { fetchProtector } from '../src/adapters/fetch.ts'
import { type Signer, signJwt } from '../src/core/crypto/jose/sign-jwt.ts'
import { generateSigningKey, type SigningKey } from '../src/core/crypto/jose/signing-key.ts'
import { outgoing } from '../src/http/outgoing/outgoing.ts'
import type { Protects, ScopeNeed, TokenInfo } from '../src/resource-guard.ts'
import { type FakeClock, fakeClock } from '../src/testing/fake-clock.ts'
import { listenOnLoopback } from '../src/testing/loopback.ts'

export const api = 'https://api.example'

/** Another author's authorization server, of which there is only what it publishes and the tokens it signs. */
export interface RemoteIssuer {
  readonly issuer: string
  readonly key: SigningKey
  readonly clock: FakeClock
  /** Bodies by path; what is not here is a 404. Changing it changes what is published. */
  readonly documents: Map<string, unknown>
  readonly asked: string[]
  /** Claims of a token that holds. */
  claims(more?: Readonly<Record<string, unknown>>): Record<string, unknown>
  token(more?: Readonly<Record<string, unknown>>, typ?: string, signer?: Signer): string
  /** What every validator of this issuer is given. */
  readonly remote: { readonly outgoing: ReturnType<typeof outgoing>; readonly clock: FakeClock }
}

/** @param path of the issuer, such as `/tenant` */
export async function startIssuer(t: TestContext, path = ''): Promise<RemoteIssuer> {
  const clock = fakeClock()
  const key = await generateSigningKey('ES256')
  const documents = new Map<string, unknown>()
  const asked: string[] = []
  const { origin, close } = await listenOnLoopback((request, response) => {
    const target = request.url ?? ''
    asked.push(target)
    response.setHeader('content-type', 'application/json')
    if (documents.has(target)) response.end(JSON.stringify(documents.get(target)))
    else response.writeHead(404).end('{}')
  })
  t.after(close)
  const issuer = origin + path
  documents.set('/jwks', { keys: [key.publicJwk] })
  documents.set(`/.well-known/oauth-authorization-server${path}`, { issuer, jwks_uri: `${origin}/jwks` })
  const claims: RemoteIssuer['claims'] = (more = {}) => ({
    iss: issuer,
    aud: api,
    sub: 'u1',
    client_id: 'app',
    iat: clock.now(),
    exp: clock.now() + 300,
    jti: 'j1',
    scope: 'read write',
    ...more,
  })
  return {
    issuer,
    key,
    clock,
    documents,
    asked,
    claims,
    token: (more, typ = 'at+jwt', signer = key) => signJwt(signer, { typ, claims: claims(more) }),
    remote: { outgoing: outgoing({ allowHosts: ['127.0.0.1'] }), clock },
  }
}

/** Asks a resource that needs this, with that Authorization header; the handler answers with the token. */
export function ask<Token extends TokenInfo<unknown>>(
  source: Protects<Token>,
  authorization?: string,
  need?: ScopeNeed,
  url = 'https://api.example/things',
): Promise<Response> {
  const resource = fetchProtector(source).requireOAuth(need, (_request, token) => Response.json(token))
  return resource(new Request(url, authorization === undefined ? {} : { headers: { authorization } }))
}
