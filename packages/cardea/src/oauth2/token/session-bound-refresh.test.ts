import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, webApp } from '../../testing/authorization-visit.ts'
import { authorize, pkcePair } from '../../testing/code-flow.ts'
import { startTestServer, type TestClient, type TestServer, type UserAgent } from '../../testing/index.ts'

const scopes = ['read', 'offline_access'].map((name) => ({ name, description: name, is_default: name === 'read' }))

async function signedIn(client: TestClient, scope: string) {
  const server = await startTestServer({ clients: [client], users: [alice], scopes })
  const browser = server.agent()
  const query = {
    client_id: client.client_id,
    response_type: 'code',
    scope,
    code_challenge: pkcePair.challenge,
    code_challenge_method: 'S256',
  }
  const code = (await authorize(server, alice, query, { browser })).searchParams.get('code') ?? ''
  const tokens = await redeem(server, client, {
    grant_type: 'authorization_code',
    code,
    code_verifier: pkcePair.verifier,
  })
  return {
    server,
    browser,
    refresh: () => redeem(server, client, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }),
  }
}

interface Answer {
  readonly refresh_token?: string
  readonly error?: string
}

async function redeem(server: TestServer, client: TestClient, form: Record<string, string>): Promise<Answer> {
  const own = client.secret === undefined ? { ...form, client_id: client.client_id } : form
  const credentials = client.secret === undefined ? {} : { client: [client.client_id, client.secret] as const }
  return (await (await server.post('/token', own, credentials)).json()) as Answer
}

async function signOut(browser: UserAgent): Promise<void> {
  assert.equal((await browser.submit(await browser.get('/sign-out'), {})).status, 200)
}

test('RFC 9700 §4.14.2: the refresh token of a page in a browser ends with the sign-in', async () => {
  const { browser, refresh } = await signedIn(webApp, 'read')
  await signOut(browser)
  assert.equal((await refresh()).error, 'invalid_grant')
})

test('RFC 9700 §4.14.2: it ends with the life of the session too', async () => {
  const { server, refresh } = await signedIn(webApp, 'read')
  server.clock.advance(server.provider.engine.settings.lifetimes.session)
  assert.equal((await refresh()).error, 'invalid_grant')
})

test('OIDC Core §11: offline_access outlives the sign-in', async () => {
  const { browser, refresh } = await signedIn(webApp, 'read offline_access')
  await signOut(browser)
  assert.ok((await refresh()).refresh_token)
})

for (const [kind, client] of [
  ['an app', { ...webApp, application_type: 'native' }],
  ['a server', { ...webApp, secret: 's', pkce: ['S256'] }],
] as const) {
  test(`RFC 9700 §4.14.2: the refresh token of ${kind} outlives the sign-in`, async () => {
    const { browser, refresh } = await signedIn(client as TestClient, 'read')
    await signOut(browser)
    assert.ok((await refresh()).refresh_token)
  })
}
