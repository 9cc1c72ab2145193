import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, allowed, answerTo, consentHost, page, postTo, redeem, refusal } from '../../test-support/consent-host.ts'
import { AuthorizationServer, type ClientModel, type ClientRow, hashClientSecret } from '../index.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { fastHasher } from '../testing/fast-hasher.ts'

const redirect = 'https://client.example/cb'

/** The columns of Authlib's own example, as a database gives them. */
const row = {
  client_id: 'app',
  client_secret: 'its secret',
  client_name: 'The app',
  redirect_uris: `${redirect}\nhttps://client.example/other`,
  default_redirect_uri: '',
  scope: 'read',
  response_type: 'code',
  grant_type: 'authorization_code refresh_token client_credentials',
  token_endpoint_auth_method: 'client_secret_post',
} satisfies ClientRow

const serverOf = (found: ClientRow | ClientModel) =>
  new AuthorizationServer({
    issuer: 'https://auth.example',
    secrets: ['s'.repeat(32)],
    store: memoryStore(),
    hasher: fastHasher,
    scopes: { read: { description: 'Read', default: true }, write: 'Write' },
    users: { find: (id) => (id === '1' ? ada : undefined) },
    clients: { find: (id: string) => (id === 'app' ? found : null) },
  })

const machine = (server: ReturnType<typeof serverOf>, more: Record<string, string> = {}, basic?: string) => {
  const request = postTo('/token', { grant_type: 'client_credentials', ...more })
  if (basic !== undefined) request.headers.set('authorization', `Basic ${btoa(basic)}`)
  return server.createTokenResponse(request)
}

const posted = { client_id: 'app', client_secret: 'its secret' }

test('A2-AS-02, A2-MODEL-02: a plain row with columns of Authlib’s example is a client', async () => {
  const server = serverOf(row)
  const answer = await machine(server, posted)
  assert.equal(answer.status, 200)
  assert.equal(((await answer.json()) as { scope: string }).scope, 'read')
  assert.equal((await machine(server, {}, 'app:its secret')).status, 401, 'the row says client_secret_post')
  assert.equal((await machine(server, { ...posted, client_secret: 'wrong' })).status, 401)
  assert.equal((await machine(server, { ...posted, client_id: 'nobody' })).status, 401)
  assert.equal((await machine(server, { ...posted, scope: 'write' })).status, 400)
})

test('A2-MODEL-02: the grant shows the host’s own row, with its own members', async () => {
  const own = { ...row, logo: 'blue', pkce: undefined }
  const server = new AuthorizationServer({
    issuer: 'https://auth.example',
    secrets: ['s'.repeat(32)],
    store: memoryStore(),
    scopes: { read: 'Read' },
    users: { find: () => ada },
    clients: { find: (id: string) => (id === 'app' ? own : undefined) },
  })
  const { client } = await server.getConsentGrant(page({ scope: 'read' }), { endUser: ada })
  assert.equal(client.logo, 'blue')
})

test('A2-MODEL-02: what a row leaves out has the defaults of RFC 7591', async () => {
  const bare = serverOf({ client_id: 'app', redirect_uris: [redirect] })
  const grant = await bare.getConsentGrant(page(), { endUser: ada })
  assert.deepEqual([grant.clientName, grant.scope], ['app', 'read write'])
  const secret = await hashClientSecret(fastHasher, 'chosen secret')
  const hashed = serverOf({ client_id: 'app', client_secret_hash: secret, grant_types: '["client_credentials"]' })
  assert.equal((await machine(hashed, {}, 'app:chosen secret')).status, 200)
  assert.equal((await machine(hashed, {}, 'app:other secret')).status, 401)
  const disabled = serverOf({ ...row, disabled: 1 })
  assert.equal((await machine(disabled, posted)).status, 401)
})

test('A2-AS-20: redirect URIs in a text column are compared whole: no part of one is enough', async () => {
  const server = serverOf(row)
  for (const uri of ['https://client.example', 'h', 'https://client.example/c', `${redirect}\n`, `${redirect}/x`]) {
    const error = await refusal(server.getConsentGrant(page({ redirect_uri: uri, scope: 'read' }), { endUser: ada }))
    assert.deepEqual([error.reason, error.redirect], ['redirect_uri_not_registered', undefined], uri)
  }
  const other = page({ redirect_uri: 'https://client.example/other', scope: 'read' })
  assert.equal((await server.getConsentGrant(other, { endUser: ada })).redirectHost, 'client.example')
})

test('A2-AS-18: a default redirect URI stands in where a request names none', async () => {
  const without = new Request(page({ scope: 'read' }).url.replace(/&redirect_uri=[^&]+/, ''))
  const several = await refusal(serverOf(row).getConsentGrant(without, { endUser: ada }))
  assert.equal(several.reason, 'missing_redirect_uri')
  const server = serverOf({ ...row, default_redirect_uri: 'https://client.example/default' })
  const { request } = await server.getConsentGrant(without, { endUser: ada })
  assert.equal(request.payload.redirect_uri, 'https://client.example/default')
})

/** The client of Authlib's page, method by method. */
class OAuth2Client implements ClientModel {
  readonly scope: string = 'read write'
  readonly #redirectUris: readonly string[] = [redirect, 'javascript:alert(1)']

  getClientId(): string {
    return 'app'
  }

  getDefaultRedirectUri(): string {
    return redirect
  }

  getAllowedScope(scope: string): string | null {
    if (scope === '') return 'read'
    return scope
      .split(' ')
      .filter((name) => this.scope.split(' ').includes(name))
      .join(' ')
  }

  async checkRedirectUri(uri: string): Promise<boolean> {
    return this.#redirectUris.includes(uri)
  }

  checkClientSecret(secret: string): boolean {
    return secret === 'its secret'
  }

  checkEndpointAuthMethod(method: string, endpoint: string): boolean {
    return endpoint === 'token' && method === 'client_secret_post'
  }

  checkResponseType(type: string): boolean {
    return type === 'code'
  }

  checkGrantType(type: string): boolean {
    return ['authorization_code', 'client_credentials'].includes(type)
  }
}

test('A2-MODEL-01: an object with Authlib’s methods is a client, and its methods are asked', async () => {
  const server = serverOf(new OAuth2Client())
  const answer = await machine(server, posted)
  assert.equal(((await answer.json()) as { scope: string }).scope, 'read', 'getAllowedScope chose the default')
  assert.equal((await machine(server, { ...posted, client_secret: 'wrong' })).status, 401)
  assert.equal((await machine(server, {}, 'app:its secret')).status, 401, 'checkEndpointAuthMethod refused Basic')
  const { client, scope } = await server.getConsentGrant(page({ scope: 'write' }), { endUser: ada })
  assert.ok(client instanceof OAuth2Client)
  assert.equal(scope, 'write')
  const refused = await refusal(
    server.getConsentGrant(page({ redirect_uri: 'https://client.example/unknown' }), { endUser: ada }),
  )
  assert.equal(refused.reason, 'redirect_uri_not_registered')
})

test('A2-MODEL-01: no method of the host makes an unsafe redirect URI safe, or an unregistered one registered', async () => {
  const lax = new OAuth2Client()
  const unsafe = await refusal(
    serverOf(lax).getConsentGrant(page({ redirect_uri: 'javascript:alert(1)' }), { endUser: ada }),
  )
  assert.deepEqual([unsafe.reason, unsafe.redirect], ['unsafe_redirect_uri', undefined])
  class Named extends OAuth2Client {
    readonly redirect_uris = [redirect]

    override async checkRedirectUri(): Promise<boolean> {
      return true
    }
  }
  const named = serverOf(new Named())
  const request = page({ redirect_uri: 'https://evil.example/' })
  assert.equal((await refusal(named.getConsentGrant(request, { endUser: ada }))).reason, 'redirect_uri_not_registered')
})

test('A2-MODEL-01: a method can refuse what the record allows', async () => {
  class Strict extends OAuth2Client {
    readonly client_secret = 'its secret'
    readonly redirect_uris = [redirect]

    override checkClientSecret(): boolean {
      return false
    }

    override async checkRedirectUri(): Promise<boolean> {
      return false
    }
  }
  const server = serverOf(new Strict())
  assert.equal((await machine(server, posted)).status, 401)
  assert.equal((await refusal(server.getConsentGrant(page(), { endUser: ada }))).reason, 'redirect_uri_not_registered')
  class Agreeing extends OAuth2Client {
    readonly client_secret = 'another secret'
  }
  assert.equal((await machine(serverOf(new Agreeing()), posted)).status, 401, 'the record has another secret')
})

test('A2-AS-31: getAllowedScope may leave out, choose the default and refuse, and cannot invent', async () => {
  class Scoped extends OAuth2Client {
    readonly #answer: string | null

    constructor(answer: string | null) {
      super()
      this.#answer = answer
    }

    override getAllowedScope(): string | null {
      return this.#answer
    }
  }
  const granted = async (allowed: string | null, scope?: string) => {
    const asked = await machine(serverOf(new Scoped(allowed)), { ...posted, ...(scope !== undefined && { scope }) })
    const answer = (await asked.json()) as { scope?: string; error?: string }
    return answer.error === undefined ? answer.scope : 'refused'
  }
  assert.equal(await granted('read', 'read write'), 'read')
  assert.equal(await granted('read write', 'read'), 'read')
  assert.equal(await granted('write'), 'write')
  assert.equal(await granted(''), undefined)
  assert.equal(await granted(null, 'read'), 'refused')
  assert.equal(await granted('invented'), 'refused')
  assert.equal(await granted('read', 'invented'), 'refused')
})

test('A2-AS-02: the whole flow over the host’s clients and users, who end what was issued when they are gone', async () => {
  const clients = new Map<string, ClientRow>([['app', { client_id: 'app', redirect_uris: redirect }]])
  const users = new Map([['1', ada]])
  const { server } = await consentHost(
    { clients: { find: async (id) => clients.get(id) }, users: { find: async (id) => users.get(id) } },
    [],
  )
  const sent = await allowed(server)
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  const { access_token } = (await answer.json()) as { access_token: string }
  const request = () => new Request('https://auth.example/me', { headers: { authorization: `Bearer ${access_token}` } })
  assert.equal((await server.validateRequest(request(), 'read')).userId, '1')
  users.delete('1')
  assert.equal((await refusal(server.validateRequest(request(), 'read'))).code, 'invalid_token')
  users.set('1', ada)
  clients.delete('app')
  assert.equal((await refusal(server.validateRequest(request(), 'read'))).code, 'invalid_token')
})

test('A2-AS-02: a client that went between page and decision gets nothing', async () => {
  const clients = new Map<string, ClientRow>([['app', { client_id: 'app', redirect_uris: redirect }]])
  const { server } = await consentHost({ clients: { find: async (id) => clients.get(id) } }, [])
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const request = answerTo(fields)
  const grant = await server.getConsentGrant(request, { endUser: ada })
  clients.delete('app')
  const answer = await server.createAuthorizationResponse(request, { grant, grantUser: ada })
  assert.equal(new URL(answer.headers.get('location') ?? '').searchParams.get('error'), 'access_denied')
})

test('A2-AS-02: find must find the client it was asked for', async () => {
  const server = serverOf({ ...row, client_id: 'another' })
  assert.equal((await machine(server, posted)).status, 500)
})

test('A2-AS-02: a client that a column finds in another spelling is unknown, and no failure', async () => {
  for (const client_id of [row.client_id.toUpperCase(), `${row.client_id} `]) {
    assert.equal((await machine(serverOf({ ...row, client_id }), posted)).status, 401)
  }
})
