import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  initialAccessToken,
  post,
  refusal,
  registered,
  startRegistering,
  webMetadata,
} from '../../../test-support/registering.ts'
import { digestOf } from '../../core/crypto/digest.ts'
import { startTestServer } from '../../testing/test-server.ts'

test('T-DCR-1, RFC 7591 §5: registration is off unless it is asked for, and metadata say nothing of it', async () => {
  const server = await startTestServer()
  assert.equal((await post(server, webMetadata)).status, 404)
  const metadata = await (await server.agent().get('/.well-known/oauth-authorization-server')).json()
  assert.equal('registration_endpoint' in (metadata as object), false)
})

test('RFC 8414 §2: metadata name the registration endpoint where it is on', async () => {
  const server = await startRegistering({}, { paths: { registration: ['/clients', '/register'] } })
  const metadata = await (await server.agent().get('/.well-known/oauth-authorization-server')).json()
  assert.equal((metadata as Record<string, unknown>).registration_endpoint, 'https://auth.example/clients')
  assert.match((await registered(server)).registration_client_uri, /^https:\/\/auth\.example\/clients\/\w{42}$/)
})

test('RFC 7591 §3.2.1, A2-DCR-04, A2-DCR-06: the answer is all that is registered, defaults filled in', async () => {
  const server = await startRegistering()
  const answer = await post(server, { ...webMetadata, nobody_knows: 1, first_party: true, introspect_any: true })
  assert.equal(answer.status, 201)
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const { client_id, client_secret, registration_access_token, registration_client_uri, ...others } =
    (await answer.json()) as Record<string, unknown>
  assert.match(String(client_id), /^[A-Za-z0-9]{42}$/)
  assert.match(String(client_secret), /^csc_[\w-]{49}$/)
  assert.match(String(registration_access_token), /^crg_[\w-]{49}$/)
  assert.equal(registration_client_uri, `https://auth.example/register/${client_id}`)
  assert.deepEqual(others, {
    client_id_issued_at: server.clock.now(),
    client_secret_expires_at: 0,
    redirect_uris: ['https://app.example/cb'],
    client_name: 'An app',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    application_type: 'web',
    scope: 'read write',
  })
  const stored = await server.store.clients.find(String(client_id))
  assert.equal(stored?.first_party, undefined)
  assert.equal(stored?.introspect_any, undefined)
  assert.equal(stored?.registration_policy, 'default')
  assert.equal(JSON.stringify(stored).includes(String(client_secret)), false)
  assert.equal(JSON.stringify(stored).includes(String(registration_access_token)), false)
})

test('RFC 7591 §2: a client that gives no name is called by its id', async () => {
  const server = await startRegistering()
  const client = await registered(server, { redirect_uris: ['https://app.example/cb'] })
  assert.equal(client.client_name, client.client_id)
})

test('T-DCR-4, RFC 7591 §3.2.1: the secret that was given authenticates, by the registered method and no other way', async () => {
  const server = await startRegistering({ policies: { default: { grantTypes: ['client_credentials'] } } })
  const machine = { client_name: 'job', grant_types: ['client_credentials'] }
  const { client_id, client_secret = '' } = await registered(server, machine)
  const form = { grant_type: 'client_credentials' }
  assert.equal((await server.post('/token', form, { client: [client_id, client_secret] })).status, 200)
  for (const [body, client] of [
    [{ ...form, client_id }, undefined],
    [{ ...form, client_id, client_secret }, undefined],
    [form, [client_id, '']],
    [form, [client_id, 'sha256:']],
  ] as const) {
    const answer = await server.post('/token', body, client === undefined ? {} : { client })
    assert.deepEqual((await refusal(answer)).slice(0, 2), [401, 'invalid_client'])
  }
})

const withoutSecret: readonly Readonly<Record<string, unknown>>[] = [
  { token_endpoint_auth_method: 'none' },
  { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://app.example/keys' },
]

for (const change of withoutSecret) {
  test(`A2-DCR-05, RFC 7591 §3.2.1: a client of the method ${change.token_endpoint_auth_method} gets no secret`, async () => {
    const server = await startRegistering()
    const client = await registered(server, { ...webMetadata, ...change })
    assert.equal('client_secret' in client, false)
    assert.equal('client_secret_expires_at' in client, false)
    const stored = await server.store.clients.find(client.client_id)
    assert.equal(stored?.client_secret_hash, undefined)
    assert.equal(stored?.sealed_secret, undefined)
  })
}

test('RFC 7591 §3.2.1: a secret lives as long as the policy says', async () => {
  const server = await startRegistering({ policies: { default: { secretLifetime: 100 } } })
  const client = await registered(server)
  assert.equal(client.client_secret_expires_at, server.clock.now() + 100)
})

test('A2-DCR-01, RFC 7591 §3: without its initial access token nobody registers; the answer is a 401 that says how', async () => {
  const server = await startRegistering({ mode: 'initial-access-token' })
  const token = await initialAccessToken(server)
  const missing = await post(server, webMetadata)
  assert.deepEqual((await refusal(missing)).slice(0, 2), [401, 'invalid_token'])
  assert.equal(missing.headers.get('www-authenticate'), 'Bearer realm="https://auth.example"')
  const wrong = await post(server, webMetadata, { token: token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) })
  assert.equal(wrong.status, 401)
  assert.match(wrong.headers.get('www-authenticate') ?? '', /^Bearer realm="[^"]+", error="invalid_token"/)
  const basic = await post(server, webMetadata, { headers: { authorization: 'Basic YTpi' } })
  assert.equal(basic.status, 401)
  assert.equal((await post(server, webMetadata, { token })).status, 201)
  assert.ok(server.events.some((event) => event.type === 'client_registered' && event.label === 'a partner'))
})

test('RFC 7591 §1.2: an initial access token ends by time, by use and with its deletion', async () => {
  const server = await startRegistering({ mode: 'initial-access-token' })
  const token = await initialAccessToken(server, { usesLeft: 1, expiresAt: server.clock.now() + 100 })
  const late = await initialAccessToken(server, { expiresAt: server.clock.now() + 100 })
  await registered(server, webMetadata, { token })
  assert.equal((await post(server, webMetadata, { token })).status, 401)
  await registered(server, webMetadata, { token: late })
  server.clock.advance(100)
  assert.equal((await post(server, webMetadata, { token: late })).status, 401)
  const deleted = await initialAccessToken(server)
  const [kept] = (await server.store.initialAccessTokens.all()).filter(({ digest }) => digest === digestOf(deleted))
  assert.ok(kept)
  await server.store.initialAccessTokens.delete(kept.digest)
  assert.equal((await post(server, webMetadata, { token: deleted })).status, 401)
})

test('RFC 7591 §1.2: metadata that are refused use nothing up', async () => {
  const server = await startRegistering({ mode: 'initial-access-token' })
  const token = await initialAccessToken(server, { usesLeft: 1 })
  assert.equal((await post(server, { redirect_uris: ['ftp://a/'] }, { token })).status, 400)
  assert.equal((await post(server, webMetadata, { token })).status, 201)
})

test('T-DCR-1: of 100 registrations at once with a token for one, one is made', async () => {
  const server = await startRegistering({ mode: 'initial-access-token' })
  const token = await initialAccessToken(server, { usesLeft: 1 })
  const answers = await Promise.all(Array.from({ length: 100 }, () => post(server, webMetadata, { token })))
  assert.equal(answers.filter(({ status }) => status === 201).length, 1)
  assert.equal((await server.store.clients.list({ limit: 10 })).length, 1)
})

test('T-DCR-1, A2-DCR-02: where anybody may register, one network makes so many clients and all together so many more', async () => {
  const limits = { registrationFromNetwork: { attempts: 2, window: 60 }, registration: { attempts: 3, window: 600 } }
  const server = await startRegistering({}, { limits })
  const from = (remoteAddress: string) => post(server, webMetadata, { remoteAddress })
  assert.equal((await from('203.0.113.1')).status, 201)
  assert.equal((await from('203.0.113.1')).status, 201)
  const third = await from('203.0.113.1')
  assert.equal(third.status, 429)
  assert.equal(third.headers.get('retry-after'), '60')
  assert.equal((await from('203.0.113.2')).status, 201)
  assert.equal((await from('203.0.113.3')).status, 429)
  const token = await initialAccessToken(server)
  assert.equal((await post(server, webMetadata, { token, remoteAddress: '203.0.113.1' })).status, 201)
  server.clock.advance(600)
  assert.equal((await from('203.0.113.1')).status, 201)
})

test('MCP 2025-03-26, OIDC Registration §2: a client of an app is native where the server infers it, and web otherwise', async () => {
  const native = {
    redirect_uris: ['http://127.0.0.1:33418/', 'https://vscode.example/redirect'],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  }
  const strict = await startRegistering()
  assert.equal((await refusal(await post(strict, native)))[1], 'invalid_redirect_uri')
  const server = await startRegistering({ inferApplicationType: true })
  assert.equal((await registered(server, native)).application_type, 'native')
  assert.equal((await registered(server)).application_type, 'web')
  assert.equal((await refusal(await post(server, { ...native, application_type: 'web' })))[1], 'invalid_redirect_uri')
})

test('A2-DCR-12: what extensions register for a client is kept and answered, as long as the server has it', async () => {
  const members = {
    require_pushed_authorization_requests: true,
    dpop_bound_access_tokens: true,
    software_id: 'app-1',
    software_version: '2.0',
    contacts: ['ops@app.example'],
    response_modes: ['query', 'form_post'],
    policy_uri: 'https://app.example/privacy',
  }
  const server = await startRegistering({}, { pushedRequests: true, dpop: true })
  const client = await registered(server, { ...webMetadata, ...members })
  const { client_id } = client
  const stored: Readonly<Record<string, unknown>> = { ...(await server.store.clients.find(client_id)) }
  for (const [member, value] of Object.entries(members)) {
    assert.deepEqual(client[member], value, member)
    assert.deepEqual(stored[member], value, member)
  }
})

test('RFC 7591 §3, A2-DCM-03: other methods than POST are a 405 that names it', async () => {
  const server = await startRegistering()
  const answer = await server.agent().get('/register')
  assert.equal(answer.status, 405)
  assert.equal(answer.headers.get('allow'), 'POST')
})

test('MCP 2025-03-26: a page in a browser may register, and read what went wrong', async () => {
  const server = await startRegistering()
  const preflight = await server.send(
    new Request('https://auth.example/register', { method: 'OPTIONS', headers: { origin: 'https://app.example' } }),
  )
  assert.equal(preflight.status, 204)
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /content-type/)
  const answer = await post(server, webMetadata, { headers: { origin: 'https://app.example' } })
  assert.equal(answer.headers.get('access-control-allow-origin'), '*')
})
