import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Bank,
  bankAsks,
  bankCallback,
  bankId,
  codeForm,
  errorOf,
  startBank,
} from '../../test-support/fapi-bank.ts'
import { testCertificate } from '../../test-support/test-certificate.ts'
import { fetchProtector } from '../adapters/fetch.ts'
import { clientFrom } from '../testing/test-server.ts'

const certificate = testCertificate({ subject: [{ CN: 'bank' }] }).der
const machine = { grant_type: 'client_credentials' } as const

interface Answer {
  readonly access_token: string
  readonly refresh_token: string
  readonly token_type: string
  readonly request_uri: string
  readonly expires_in: number
}

const bodyOf = async (answer: Response) => (await answer.json()) as Answer

const metadata = async ({ server }: Bank) =>
  (await server.agent().get('/.well-known/oauth-authorization-server')).json()

function ask(bank: Bank, token: string, scheme: string, headers: Record<string, string> = {}, shown?: Uint8Array) {
  const guarded = fetchProtector(bank.server.provider).requireOAuth('read', () => Response.json({ in: true }))
  const request = new Request('https://auth.example/things', {
    headers: { authorization: `${scheme} ${token}`, ...headers },
  })
  return guarded(request, shown === undefined ? {} : { clientCertificate: shown })
}

test('FAPI 2.0 §5.3.2.1-1: the metadata are where RFC 8414 says', async () => {
  const said = await metadata(await startBank())
  assert.equal(said.issuer, 'https://auth.example')
  assert.equal(said.authorization_endpoint, 'https://auth.example/authorize')
})

test('FAPI 2.0 §5.3.2.1-2: there is no password grant', async () => {
  const bank = await startBank({}, { grant_types: ['password'] })
  const form = { grant_type: 'password', username: 'ada', password: 'correct horse' }
  assert.deepEqual(await errorOf(await bank.post('/token', form)), [400, 'unsupported_grant_type'])
})

test('FAPI 2.0 §5.3.2.1-3: a public client gets nowhere, at any endpoint', async () => {
  const bank = await startBank({ deviceGrant: true, clients: [{ client_id: 'app' }] })
  for (const [path, form] of [
    ['/par', bankAsks],
    ['/token', { grant_type: 'authorization_code', code: 'x' }],
    ['/token', { grant_type: 'refresh_token', refresh_token: 'x' }],
    ['/device_authorization', {}],
    ['/revoke', { token: 'x' }],
    ['/introspect', { token: 'x' }],
  ] as const) {
    const answer = await bank.post(path, { client_id: 'app', ...form }, { assertion: 'none' })
    assert.deepEqual(await errorOf(answer), [401, 'invalid_client'], path)
  }
})

test('FAPI 2.0 §5.3.2.1-4, T-FAPI-1, BEAT-15: without proof of a key no grant gives a token', async () => {
  const bank = await startBank()
  assert.deepEqual(await errorOf(await bank.tokens({ dpop: false })), [400, 'invalid_dpop_proof'])
  assert.deepEqual(await errorOf(await bank.post('/token', machine, { dpop: false })), [400, 'invalid_dpop_proof'])
  const { refresh_token } = await bodyOf(await bank.tokens())
  const form = { grant_type: 'refresh_token', refresh_token }
  assert.deepEqual(await errorOf(await bank.post('/token', form, { dpop: false })), [400, 'invalid_dpop_proof'])
})

test('FAPI 2.0 §5.3.2.1-5: with DPoP tokens are bound to the key', async () => {
  const answer = await bodyOf(await (await startBank()).tokens())
  assert.equal(answer.token_type, 'DPoP')
})

test('FAPI 2.0 §5.3.2.1-5: with certificates alone they are bound to the certificate, and DPoP is off', async () => {
  const bank = await startBank({ profile2: { senderConstraint: 'certificate' } })
  const said = await metadata(bank)
  assert.equal(said.tls_client_certificate_bound_access_tokens, true)
  assert.equal(said.dpop_signing_alg_values_supported, undefined)
  const { access_token, token_type } = await bodyOf(await bank.tokens({ certificate, dpop: false }))
  assert.equal(token_type, 'Bearer')
  assert.equal((await ask(bank, access_token, 'Bearer', {}, certificate)).status, 200)
  assert.equal((await ask(bank, access_token, 'Bearer')).status, 401)
  for (const dpop of [true, false]) {
    assert.deepEqual(await errorOf(await bank.tokens({ dpop })), [400, 'invalid_request'])
    assert.deepEqual(await errorOf(await bank.post('/token', machine, { dpop })), [400, 'invalid_request'])
  }
})

test('FAPI 2.0 §5.3.2.1-5: where either will do, a request brings one of them', async () => {
  const bank = await startBank({ profile2: { senderConstraint: 'either' } })
  const said = await metadata(bank)
  assert.equal(said.tls_client_certificate_bound_access_tokens, true)
  assert.ok(said.dpop_signing_alg_values_supported)
  const byKey = await bodyOf(await bank.tokens({ certificate }))
  assert.equal(byKey.token_type, 'DPoP')
  const byCertificate = await bodyOf(await bank.tokens({ certificate, dpop: false }))
  assert.equal(byCertificate.token_type, 'Bearer')
  assert.equal((await ask(bank, byCertificate.access_token, 'Bearer', {}, certificate)).status, 200)
  assert.equal((await ask(bank, byCertificate.access_token, 'Bearer')).status, 401)
  assert.deepEqual(await errorOf(await bank.tokens({ dpop: false })), [400, 'invalid_dpop_proof'])
})

for (const method of ['client_secret_basic', 'client_secret_post', 'client_secret_jwt'] as const) {
  test(`FAPI 2.0 §5.3.2.1-6: ${method} proves nobody`, async () => {
    const bank = await startBank()
    const client = await clientFrom({ client_id: 'old', secret: 'a secret', token_endpoint_auth_method: method })
    await bank.server.store.clients.save(client)
    const answer = await bank.server.post('/token', machine, { client: ['old', 'a secret'] })
    assert.deepEqual(await errorOf(answer), [401, 'invalid_client'])
    const inForm = { ...machine, client_id: 'old', client_secret: 'a secret' }
    assert.deepEqual(await errorOf(await bank.server.post('/token', inForm)), [401, 'invalid_client'])
    assert.equal((await metadata(bank)).token_endpoint_auth_methods_supported.includes(method), false)
  })
}

test('FAPI 2.0 §5.3.2.1-8, A2-CAUTH-11, ASK-17: an assertion is for the issuer, as a text, and for nothing else', async () => {
  const bank = await startBank()
  const { issuer } = bank.server.provider
  for (const path of ['/par', '/token'])
    for (const aud of [[issuer], `${issuer}/token`, `${issuer}${path}`, [issuer, `${issuer}/token`], `${issuer}/`]) {
      const answer = await bank.post(path, { ...bankAsks, ...machine }, { claims: { aud } })
      assert.deepEqual(await errorOf(answer), [401, 'invalid_client'], JSON.stringify(aud))
    }
  assert.equal((await bank.post('/token', machine)).status, 200)
})

test('FAPI 2.0 §5.3.2.1-9: a refresh token is not replaced', async () => {
  const bank = await startBank()
  const { refresh_token } = await bodyOf(await bank.tokens())
  const form = { grant_type: 'refresh_token', refresh_token }
  for (let use = 0; use < 3; use += 1) {
    const again = await bodyOf(await bank.post('/token', form))
    assert.equal(again.token_type, 'DPoP')
    assert.ok(again.refresh_token === undefined || again.refresh_token === refresh_token)
  }
})

test('FAPI 2.0 §5.3.2.1 Note 1: who rotates all the same must let a client try again', async () => {
  const lifetimes = { refreshReuseWindow: 0 }
  await assert.rejects(startBank({ rotateRefreshTokens: 'all', lifetimes }), /lifetimes\.refreshReuseWindow: must be/)
})

test('FAPI 2.0 §5.3.2.1-11, T-FAPI-1: a code is of no use after a minute', async () => {
  const bank = await startBank()
  const code = (await bank.answered(await bank.push())).searchParams.get('code') ?? ''
  bank.server.clock.advance(60)
  assert.deepEqual(await errorOf(await bank.post('/token', codeForm(code))), [400, 'invalid_grant'])
})

test('FAPI 2.0 §5.3.2.1-12: a code is bound to the key of the push, by its proof or by dpop_jkt', async () => {
  const bank = await startBank()
  const pushes = [bank.push({}, { dpop: true }), bank.push({ dpop_jkt: bank.holder.jkt })]
  const thief = await startBank()
  for (const pushing of pushes) {
    const code = (await bank.answered(await pushing)).searchParams.get('code') ?? ''
    const proof = thief.holder.proof()
    const assertion = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }
    const form = { ...codeForm(code), ...assertion, client_assertion: bank.assertion() }
    const stolen = await bank.server.post('/token', form, { headers: { dpop: proof } })
    assert.deepEqual(await errorOf(stolen), [400, 'invalid_grant'])
    assert.equal((await bank.post('/token', codeForm(code))).status, 200)
  }
})

for (const claim of ['iat', 'nbf'] as const) {
  test(`FAPI 2.0 §5.3.2.1-13: ${claim} may be 10 seconds ahead, and not more than 60`, async () => {
    const bank = await startBank()
    const ahead = async (seconds: number) => {
      const at = bank.server.clock.now() + seconds
      const proof = bank.holder.proof({ [claim]: at })
      const form = new URLSearchParams({
        ...machine,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      })
      form.set('client_assertion', bank.assertion({ [claim]: at, exp: at + 60 }))
      const byAssertion = await bank.post('/token', machine, { claims: { [claim]: at, exp: at + 60 } })
      form.set('client_assertion', bank.assertion())
      const byProof = await bank.server.post('/token', form.toString(), { headers: { dpop: proof } })
      return [byAssertion.status, byProof.status]
    }
    assert.deepEqual(await ahead(0), [200, 200])
    assert.deepEqual(await ahead(10), [200, 200])
    assert.deepEqual(await ahead(61), [401, 400])
  })
}

test('FAPI 2.0 §5.3.2.2-1: no response type but code', async () => {
  const bank = await startBank(
    {},
    { response_types: ['code', 'token'], grant_types: ['authorization_code', 'implicit'] },
  )
  for (const response_type of ['token', 'code token', 'code id_token', 'none'])
    assert.deepEqual(await errorOf(await bank.push({ response_type })), [400, 'unsupported_response_type'])
})

test('FAPI 2.0 §5.3.2.2-3: a request that was not pushed is refused, signed or not', async () => {
  const bank = await startBank({ requestObjects: true })
  const { issuer } = bank.server.provider
  const now = bank.server.clock.now()
  const about = { iss: bankId, aud: issuer, client_id: bankId, iat: now, nbf: now, exp: now + 60 }
  const request = bank.sign({ ...bankAsks, ...about }, 'oauth-authz-req+jwt')
  for (const query of [{ ...bankAsks }, { ...bankAsks, request }]) {
    const answer = await bank.server.agent().get(`/authorize?${new URLSearchParams({ client_id: bankId, ...query })}`)
    const location = new URL(answer.headers.get('location') ?? '')
    assert.equal(location.searchParams.get('error'), 'invalid_request')
    assert.equal(location.searchParams.get('iss'), issuer)
  }
})

test('FAPI 2.0 §5.3.2.2-4: a push needs its client to be proven', async () => {
  const bank = await startBank()
  const answer = await bank.push({ client_id: bankId }, { assertion: 'none' })
  assert.deepEqual(await errorOf(answer), [401, 'invalid_client'])
})

test('FAPI 2.0 §5.3.2.2-5: PKCE with S256, whatever the client is registered for', async () => {
  const bank = await startBank({}, { pkce: ['none', 'plain'] })
  for (const more of [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge_method: 'plain' },
    { code_challenge_method: undefined },
  ])
    assert.deepEqual(await errorOf(await bank.push(more)), [400, 'invalid_request'])
})

test('FAPI 2.0 §5.3.2.2-6: a push names its redirect URI, also where there is but one', async () => {
  assert.deepEqual(await errorOf(await (await startBank()).push({ redirect_uri: undefined })), [400, 'invalid_request'])
})

test('FAPI 2.0 §5.3.2.2-7, A2-ISS-01: every answer says who it is from', async () => {
  const bank = await startBank()
  const sent = await bank.answered(await bank.push())
  assert.equal(`${sent.origin}${sent.pathname}`, bankCallback)
  assert.equal(sent.searchParams.get('iss'), bank.server.provider.issuer)
})

test('FAPI 2.0 §5.3.2.2-8: http is for loopback of native clients, even where a store holds something else', async () => {
  for (const redirect_uri of ['http://client.example/cb', 'http://127.0.0.1/cb', 'http://localhost/cb']) {
    const bank = await startBank({}, { redirect_uris: [redirect_uri] })
    assert.deepEqual(await errorOf(await bank.push({ redirect_uri })), [400, 'invalid_request'], redirect_uri)
  }
  const native = await startBank({}, { redirect_uris: ['http://127.0.0.1/cb'], application_type: 'native' })
  assert.equal((await native.push({ redirect_uri: 'http://127.0.0.1:5000/cb' })).status, 201)
})

test('FAPI 2.0 §5.3.2.2-9: a code is good once', async () => {
  const bank = await startBank()
  const code = (await bank.answered(await bank.push())).searchParams.get('code') ?? ''
  assert.equal((await bank.post('/token', codeForm(code))).status, 200)
  assert.deepEqual(await errorOf(await bank.post('/token', codeForm(code))), [400, 'invalid_grant'])
})

test('FAPI 2.0 §5.3.2.2-12: a reference lives less than ten minutes', async () => {
  assert.ok((await bodyOf(await (await startBank()).push())).expires_in < 600)
  await assert.rejects(startBank({ pushedRequests: { lifetime: 600 } }), /pushedRequests\.lifetime/)
})

test('FAPI 2.0 §5.2.3-3: no script of another site reads the authorization endpoint', async () => {
  const { server } = await startBank()
  const request = new Request('https://auth.example/authorize', { headers: { origin: 'https://evil.example' } })
  assert.equal((await server.send(request)).headers.get('access-control-allow-origin'), null)
})

test('FAPI 2.0 §5.3.4, T-FAPI-1: a resource takes a token in the header, with its key, and for its scope', async () => {
  const bank = await startBank()
  const { access_token } = await bodyOf(await bank.tokens())
  const proof = () => ({
    dpop: bank.holder.proof({ htm: 'GET', htu: 'https://auth.example/things', accessToken: access_token }),
  })
  assert.equal((await ask(bank, access_token, 'DPoP', proof())).status, 200)
  assert.equal((await ask(bank, access_token, 'Bearer')).status, 401)
  assert.equal((await ask(bank, access_token, 'Bearer', proof())).status, 401)
  const guarded = fetchProtector(bank.server.provider).requireOAuth('read', () => Response.json({}))
  const inQuery = await guarded(new Request(`https://auth.example/things?access_token=${access_token}`), {})
  assert.equal(inQuery.status, 401)
  const more = fetchProtector(bank.server.provider).requireOAuth('write', () => Response.json({}))
  const headers = { authorization: `DPoP ${access_token}`, ...proof() }
  const beyond = await more(new Request('https://auth.example/things', { headers }), {})
  assert.equal(beyond.status, 403)
  await bank.post('/revoke', { token: access_token })
  assert.equal((await ask(bank, access_token, 'DPoP', proof())).status, 401)
})
