import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  app,
  bodyOf,
  codeForm,
  dpopClient,
  introspected,
  machine,
  refreshForm,
  refusalOf,
  startDpop,
} from '../../../test-support/dpop-client.ts'
import { ada, asked, byReference, shop, shopSecret } from '../../../test-support/pushing.ts'
import { authorize, pkcePair } from '../../testing/code-flow.ts'
import { approveDevice, deviceGrantType, newDevice, startDevices, television } from '../../testing/device-flow.ts'

async function start(options?: Parameters<typeof startDpop>[0]) {
  const server = await startDpop(options)
  const client = await dpopClient(server.clock)
  const thief = await dpopClient(server.clock)
  return { server, client, thief }
}

const client = shopSecret
const bound = [400, 'invalid_grant', 'bound_to_another_key'] as const
const dropped = [400, 'invalid_grant', 'bound_token_without_proof'] as const

test('T-DPP-2, RFC 9449 §10: dpop_jkt binds the code; the wrong key neither gets tokens nor spends it', async () => {
  const { client: holder, server, thief } = await start()
  const form = await codeForm(server, 'app', { dpop_jkt: holder.jkt })
  assert.deepEqual(await refusalOf(server, thief.post(server, form)), bound)
  assert.deepEqual(await refusalOf(server, server.post('/token', form)), bound)
  const answer = await holder.post(server, form)
  assert.deepEqual([answer.status, (await bodyOf(answer)).token_type], [200, 'DPoP'])
})

test('T-DPP-2, RFC 9449 §10: a replay of a bound code without its key ends nothing', async () => {
  const { client: holder, server, thief } = await start()
  const form = await codeForm(server, 'app', { dpop_jkt: holder.jkt })
  await holder.post(server, form)
  await thief.post(server, form)
  const found = await server.store.tokens.listAccess({}, { limit: 10 })
  assert.deepEqual(
    found.map(({ revoked }) => revoked),
    [false],
  )
})

for (const dpop_jkt of ['x', `${'a'.repeat(42)}=`, 'a'.repeat(44)]) {
  test(`RFC 9449 §10: the dpop_jkt ${dpop_jkt} is refused`, async () => {
    const { server } = await start()
    const sent = await authorize(server, ada, { ...asked, dpop_jkt })
    assert.equal(sent.searchParams.get('error'), 'invalid_request')
  })
}

test('T-DPP-2, RFC 9449 §5: the refresh token of a public client is bound to its key', async () => {
  const { client: holder, server, thief } = await start()
  const { refresh_token } = await bodyOf(await holder.post(server, await codeForm(server, 'app')))
  const form = refreshForm(refresh_token)
  assert.deepEqual(await refusalOf(server, thief.post(server, form)), bound)
  assert.deepEqual(await refusalOf(server, server.post('/token', form)), bound)
  const answer = await holder.post(server, form)
  const renewed = await bodyOf(answer)
  assert.deepEqual([answer.status, renewed.token_type], [200, 'DPoP'])
  assert.deepEqual(await refusalOf(server, thief.post(server, refreshForm(renewed.refresh_token))), bound)
})

test('T-DPP-2, RFC 9700 §4.14.2: a rotated token that comes back without the key does not end the family', async () => {
  const { client: holder, server, thief } = await start()
  const { refresh_token } = await bodyOf(await holder.post(server, await codeForm(server, 'app')))
  const renewed = await bodyOf(await holder.post(server, refreshForm(refresh_token)))
  server.clock.advance(60)
  assert.deepEqual(await refusalOf(server, thief.post(server, refreshForm(refresh_token))), bound)
  assert.equal((await holder.post(server, refreshForm(renewed.refresh_token))).status, 200)
})

test('RFC 9449 §5: a refresh token that was bound to nothing is bound by the first proof', async () => {
  const { client: holder, server, thief } = await start()
  const { refresh_token, token_type } = await bodyOf(await server.post('/token', await codeForm(server, 'app')))
  assert.equal(token_type, 'Bearer')
  const renewed = await bodyOf(await holder.post(server, refreshForm(refresh_token)))
  assert.equal(renewed.token_type, 'DPoP')
  assert.deepEqual(await refusalOf(server, thief.post(server, refreshForm(renewed.refresh_token))), bound)
  const again = await bodyOf(await holder.post(server, refreshForm(renewed.refresh_token)))
  assert.deepEqual(await refusalOf(server, server.post('/token', refreshForm(again.refresh_token))), bound)
})

test('RFC 9449 §5: a client that authenticates may change its key, and not go without', async () => {
  const { client: holder, server, thief: newKey } = await start()
  const { refresh_token } = await bodyOf(await holder.post(server, await codeForm(server, 'shop'), { client }))
  const form = { grant_type: 'refresh_token', refresh_token }
  assert.deepEqual(await refusalOf(server, server.post('/token', form, { client })), dropped)
  const renewed = await bodyOf(await newKey.post(server, form, { client }))
  assert.deepEqual((await introspected(server, renewed.access_token)).cnf, { jkt: newKey.jkt })
})

test('RFC 9449 §5.2: a client that is registered for bound tokens gets no others', async () => {
  const wanting = { ...shop, dpop_bound_access_tokens: true }
  const { client: holder, server } = await start({ clients: [wanting] })
  const without = server.post('/token', machine, { client })
  assert.deepEqual(await refusalOf(server, without), [400, 'invalid_dpop_proof', 'dpop_missing'])
  assert.equal((await holder.post(server, machine, { client })).status, 200)
})

test('RFC 9449 §5.2: where DPoP is off, such a client gets nothing, and metadata promises nothing', async () => {
  const server = await startDpop({ dpop: false, clients: [{ ...shop, dpop_bound_access_tokens: true }] })
  const answering = server.post('/token', machine, { client })
  assert.deepEqual(await refusalOf(server, answering), [400, 'unauthorized_client', 'dpop_off'])
  assert.equal('dpop_signing_alg_values_supported' in (await metadataOf(server)), false)
})

test('RFC 9449 §5: where DPoP is off, a proof is ignored', async () => {
  const { client: holder, server } = await start({ dpop: false })
  assert.equal((await bodyOf(await holder.post(server, machine, { client }))).token_type, 'Bearer')
})

test('RFC 9449 §5: with dpop.required every client must prove a key, but for those with a certificate', async () => {
  const certified = { client_id: 'job', secret: 'of the job', tls_client_certificate_bound_access_tokens: true }
  const { server } = await start({ dpop: { required: true }, clients: [shop, certified] })
  const without = server.post('/token', machine, { client })
  assert.deepEqual(await refusalOf(server, without), [400, 'invalid_dpop_proof', 'dpop_missing'])
  const other = server.post('/token', machine, { client: ['job', 'of the job'] })
  assert.deepEqual(await refusalOf(server, other), [400, 'invalid_request', 'no_client_certificate'])
})

test('RFC 9449 §5.2: no token of an authorization response for clients whose tokens must be bound', async () => {
  const page = { ...app, response_types: ['token'], dpop_bound_access_tokens: true }
  const { server } = await start({ clients: [page], responseTypes: ['code', 'token'] })
  const sent = await authorize(server, ada, { client_id: 'app', response_type: 'token' })
  assert.match(sent.hash, /error=invalid_request/)
})

const metadataOf = async (server: Awaited<ReturnType<typeof startDpop>>) =>
  (await (await server.agent().get('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>

test('RFC 9449 §5.1: metadata names the algorithms of proofs, and only those are taken', async () => {
  const { server } = await start({ dpop: { algorithms: ['ES256'] } })
  assert.deepEqual((await metadataOf(server)).dpop_signing_alg_values_supported, ['ES256'])
  const other = await dpopClient(server.clock, 'EdDSA')
  const refused = [400, 'invalid_dpop_proof', 'dpop_algorithm_not_allowed'] as const
  assert.deepEqual(await refusalOf(server, other.post(server, machine, { client })), refused)
})

test('RFC 9449 §10.1: a proof with a pushed request binds the code, and must be by the key of dpop_jkt', async () => {
  const { client: holder, server, thief } = await start({ pushedRequests: true })
  const push = (from: typeof holder, more: Record<string, string>) => {
    const dpop = from.proof({ htu: 'https://auth.example/par' })
    return server.post('/par', { ...asked, ...more }, { client, headers: { dpop } })
  }
  const mismatch = await refusalOf(server, push(thief, { dpop_jkt: holder.jkt }))
  assert.deepEqual(mismatch, [400, 'invalid_dpop_proof', 'dpop_jkt_of_another_key'])
  assert.equal((await push(holder, { dpop_jkt: holder.jkt })).status, 201)
  const { request_uri } = (await (await push(holder, {})).json()) as { request_uri: string }
  const sent = await authorize(
    server,
    ada,
    Object.fromEntries(new URL(byReference(request_uri), server.origin).searchParams),
  )
  const code = sent.searchParams.get('code') ?? ''
  const form = {
    grant_type: 'authorization_code',
    code,
    code_verifier: pkcePair.verifier,
    redirect_uri: 'https://client.example/cb',
  }
  assert.deepEqual(await refusalOf(server, thief.post(server, form, { client })), bound)
  assert.equal((await holder.post(server, form, { client })).status, 200)
})

test('RFC 9449 §10.1: a pushed request needs no proof, also of a client whose tokens must be bound', async () => {
  const wanting = { ...shop, dpop_bound_access_tokens: true }
  const { server } = await start({ clients: [wanting], pushedRequests: true })
  assert.equal((await server.post('/par', asked, { client })).status, 201)
})

test('RFC 9449 §5, RFC 8628 §3.4: what a device gets is bound to the key it polls with', async () => {
  const server = await startDevices({ clients: [television], dpop: true })
  const holder = await dpopClient(server.clock)
  const { device_code, user_code } = await newDevice(server)
  await approveDevice(server, user_code)
  const form = { grant_type: deviceGrantType, device_code, client_id: 'tv' }
  const { token_type, refresh_token } = await bodyOf(await holder.post(server, form))
  assert.equal(token_type, 'DPoP')
  const refresh = { grant_type: 'refresh_token', refresh_token, client_id: 'tv' }
  assert.deepEqual(await refusalOf(server, server.post('/token', refresh)), bound)
})

test('RFC 7009 §2.1: revoking a bound token needs no proof', async () => {
  const { client: holder, server } = await start()
  const { access_token } = await bodyOf(await holder.post(server, machine, { client }))
  assert.equal((await server.post('/revoke', { token: access_token }, { client })).status, 200)
  assert.deepEqual(await introspected(server, access_token), { active: false })
})

test('RFC 9449 §4.1: scripts of any site may send the header and read the nonce', async () => {
  const { server } = await start()
  const preflight = await server.send(
    new Request('https://auth.example/token', { method: 'OPTIONS', headers: { origin: 'https://app.example' } }),
  )
  assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /\bdpop\b/)
  assert.match(preflight.headers.get('access-control-expose-headers') ?? '', /\bdpop-nonce\b/)
})

for (const [dpop, message] of [
  [{ required: 'yes' }, /^dpop\.required/],
  [{ algorithms: [] }, /^dpop\.algorithms/],
  [{ algorithms: ['HS256'] }, /^dpop\.algorithms/],
  [{ algorithms: 'ES256' }, /^dpop\.algorithms/],
  [{ maxAge: 0 }, /^dpop\.maxAge/],
  [{ nonce: 'yes' }, /^dpop\.nonce/],
  [{ nonceLifetime: 9 }, /^dpop\.nonceLifetime/],
  [{ resourceOrigin: 'api' }, /^dpop\.resourceOrigin/],
  [{ resourceOrigin: [] }, /^dpop\.resourceOrigin/],
] as const) {
  test(`RFC 9449: refuses at once the option ${JSON.stringify(dpop)}`, async () => {
    await assert.rejects(startDpop({ dpop: dpop as never }), { name: 'TypeError', message })
  })
}
