import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import { signJwt } from '../src/core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../src/core/crypto/jose/signing-key.ts'
import { type Outgoing, outgoing } from '../src/http/outgoing/outgoing.ts'
import type { OutgoingOptions } from '../src/http/outgoing/outgoing-options.ts'
import { resourceProtector } from '../src/resource-protector.ts'
import { requestPath } from '../src/testing/authorization-visit.ts'
import { startTestServer, type TestServer } from '../src/testing/test-server.ts'
import { listenOnHttps } from './https-loopback.ts'
import { loopbackCertificate } from './loopback-certificate.ts'
import { ada, asked as sound } from './pushing.ts'
import { ask } from './remote-issuer.ts'

/** What a host would honestly answer. */
export interface Honest {
  readonly type: string
  readonly body: string
}

/** Answers in the place of an honest host. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, honest: Honest) => void

export const honestly: Behaviour = (_request, response, { type, body }) =>
  void response.writeHead(200, { 'content-type': type }).end(body)

const key = await generateSigningKey('ES256')
const { publicKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true })
const encryptionJwk = { ...(await exportJWK(publicKey)), use: 'enc', alg: 'ECDH-ES' }

const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const us = 'https://auth.example'

/** Everything that has this server ask another one, with the status it is answered with. */
export type Places = Readonly<Record<string, () => Promise<Response>>>

export interface RemoteScene {
  readonly server: TestServer
  readonly places: Places
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  /** Changes how the host behaves from now on. */
  behave(behaviour: Behaviour): void
}

function documentsAt(origin: string, now: number): ReadonlyMap<string, Honest> {
  const type = 'application/json'
  const jwks = JSON.stringify({ keys: [key.publicJwk, encryptionJwk] })
  const object = signJwt(key, {
    typ: 'oauth-authz-req+jwt',
    claims: { iss: 'referring', aud: us, exp: now + 300, ...sound, client_id: 'referring' },
  })
  const clientId = `${origin}/client.json`
  const client = { client_id: clientId, client_name: 'An app', redirect_uris: ['https://client.example/cb'] }
  const issuer = `${origin}/tenant`
  return new Map<string, Honest>([
    ...['assertion', 'signed', 'encrypted', 'issuer', 'statement', 'tenant'].map(
      (name) => [`/${name}/jwks`, { type, body: jwks }] as const,
    ),
    ['/object', { type: 'application/oauth-authz-req+jwt', body: object }],
    ['/client.json', { type, body: JSON.stringify(client) }],
    [
      '/.well-known/oauth-authorization-server/tenant',
      { type, body: JSON.stringify({ issuer, jwks_uri: `${origin}/tenant/jwks` }) },
    ],
  ])
}

let count = 0

function placesOf(server: TestServer, origin: string, door: Outgoing): Places {
  const now = server.clock.now()
  const signed = (claims: Record<string, unknown>, typ = 'JWT'): string => {
    count += 1
    return signJwt(key, { typ, claims: { iat: now, exp: now + 60, jti: `j${count}`, ...claims } })
  }
  const fromIssuer = () => signed({ iss: `${origin}/issuer`, sub: 'u1', aud: us })
  const service = { client: ['service', 's'] } as const
  const visit = (path: string) => server.agent().get(path)
  return {
    'keys that a client proves itself by': () =>
      server.post('/token', {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: signed({ iss: 'keyed', sub: 'keyed', aud: us }),
      }),
    'keys of a signed request': () => {
      const claims = { iss: 'signing', aud: us, ...sound, client_id: 'signing' }
      const request = signed(claims, 'oauth-authz-req+jwt')
      return visit(`/authorize?${new URLSearchParams({ client_id: 'signing', request })}`)
    },
    'a request by reference': () =>
      visit(`/authorize?${new URLSearchParams({ client_id: 'referring', request_uri: `${origin}/object` })}`),
    'keys that an answer is encrypted for': () =>
      visit(requestPath({ ...sound, client_id: 'encrypting', prompt: 'none', response_mode: 'query.jwt' })),
    'a document about a client': () =>
      visit(requestPath({ client_id: `${origin}/client.json`, redirect_uri: 'https://client.example/cb' })),
    'keys of an issuer whose assertion is a grant': () =>
      server.post('/token', { grant_type: bearer, assertion: fromIssuer() }, service),
    'keys of an issuer whose token is exchanged': () =>
      server.post(
        '/token',
        {
          grant_type: exchange,
          subject_token: fromIssuer(),
          subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        },
        service,
      ),
    'keys of whoever vouches for software': () => {
      const software_statement = signed({ iss: `${origin}/statement`, software_id: 'app' })
      const body = JSON.stringify({ redirect_uris: ['https://app.example/cb'], software_statement })
      const headers = { 'content-type': 'application/json' }
      return server.send(new Request(`${us}/register`, { method: 'POST', body, headers }))
    },
    'metadata and keys of an issuer at a resource': () => {
      const claims = { iss: `${origin}/tenant`, aud: 'https://api.example', sub: 'u1', client_id: 'app' }
      const jwt = { issuer: `${origin}/tenant`, audience: 'https://api.example', outgoing: door, clock: server.clock }
      return ask(resourceProtector({ jwt }), `Bearer ${signed(claims, 'at+jwt')}`)
    },
  }
}

/** A server that asks keys.example, which only this test resolves to this machine, for everything it can be made to. */
export async function startRemoteScene(t: TestContext, more: OutgoingOptions = {}): Promise<RemoteScene> {
  const asked: string[] = []
  let documents: ReadonlyMap<string, Honest> = new Map()
  let behaviour: Behaviour = honestly
  const port = await listenOnHttps(t, (request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const honest = documents.get(path)
    if (honest === undefined) response.writeHead(404).end()
    else behaviour(request, response, honest)
  })
  const origin = `https://keys.example:${port}`
  const options: OutgoingOptions = {
    ca: loopbackCertificate.cert,
    allowHosts: ['keys.example'],
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    timeout: 2000,
    ...more,
  }
  const keyed = { token_endpoint_auth_method: 'private_key_jwt' } as const
  const server = await startTestServer({
    users: [ada],
    jwtBearer: true,
    tokenExchange: { policy: () => true },
    requestObjects: { byReference: true },
    signedResponses: true,
    clientDocuments: true,
    registration: {
      mode: 'open',
      softwareStatements: [{ issuer: `${origin}/statement`, jwksUri: `${origin}/statement/jwks` }],
    },
    trustedIssuers: [{ issuer: `${origin}/issuer`, jwksUri: `${origin}/issuer/jwks` }],
    outgoing: options,
    clients: [
      { client_id: 'keyed', ...keyed, jwks_uri: `${origin}/assertion/jwks` },
      { client_id: 'signing', ...keyed, jwks_uri: `${origin}/signed/jwks` },
      {
        client_id: 'referring',
        jwks: { keys: [key.publicJwk as { kty: string }] },
        request_uris: [`${origin}/object`],
      },
      {
        client_id: 'encrypting',
        ...keyed,
        jwks_uri: `${origin}/encrypted/jwks`,
        authorization_encrypted_response_alg: 'ECDH-ES',
      },
      { client_id: 'service', secret: 's', grant_types: [bearer, exchange] },
    ],
  })
  documents = documentsAt(origin, server.clock.now())
  return {
    server,
    asked,
    places: placesOf(server, origin, outgoing(options)),
    behave: (next) => {
      behaviour = next
    },
  }
}
