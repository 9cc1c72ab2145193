import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, buy, payment } from '../../../test-support/detail-types.ts'
import { dpopClient, refreshForm } from '../../../test-support/dpop-client.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { allow } from '../../testing/authorization-visit.ts'
import {
  approveDevice,
  type DeviceCodes,
  deviceGrantType,
  newDevice,
  poll,
  startDevices,
  television,
  visitDeviceConsent,
} from '../../testing/device-flow.ts'
import { clientFrom } from '../../testing/index.ts'

const resources = [
  { identifier: 'https://a.example', name: 'Archive' },
  { identifier: 'https://b.example', name: 'Bank' },
]
const pay = JSON.stringify([buy])

interface Told {
  readonly error?: string
  readonly access_token: string
  readonly refresh_token: string
  readonly token_type: string
  readonly authorization_details?: unknown
}

const json = async (answer: Response): Promise<Told> => (await answer.json()) as Told

test('RFC 9396 §2, RFC 8707 §2, RFC 8628 §3.1: details and resources are asked for by the device, shown, and narrowed at the token endpoint', async () => {
  const api = { client_id: 'api', secret: 'api secret', introspect_any: true }
  const server = await startDevices({
    clients: [television, api],
    authorizationDetails: { payment, account },
    resources,
  })
  const form = new URLSearchParams({ client_id: 'tv', scope: 'read', authorization_details: pay })
  for (const { identifier } of resources) form.append('resource', identifier)
  const asked = (await (await server.post('/device_authorization', form.toString())).json()) as DeviceCodes
  const page = await visitDeviceConsent(server, asked.user_code)
  for (const words of ['Merchant A', '30 EUR', 'Archive', 'Bank']) assert.ok(page.text.includes(words), words)
  assert.equal((await allow(page)).status, 200)

  const redeem = { client_id: 'tv', grant_type: deviceGrantType, device_code: asked.device_code }
  const more = JSON.stringify([{ ...buy, amount: 31 }])
  for (const [beyond, error] of [
    [{ resource: 'https://c.example' }, 'invalid_target'],
    [{ authorization_details: more }, 'invalid_authorization_details'],
  ] as const)
    assert.equal((await json(await server.post('/token', { ...redeem, ...beyond } as never))).error, error)
  const tokens = await json(await server.post('/token', { ...redeem, resource: 'https://a.example' }))
  assert.deepEqual(tokens.authorization_details, [buy])
  const claims = await server.post('/introspect', { token: tokens.access_token }, { client: ['api', 'api secret'] })
  assert.equal(((await claims.json()) as { aud?: unknown }).aud, 'https://a.example')
})

test('RFC 9396 §5, RFC 8628 §3.1: unknown or malformed authorization_details get no codes', async () => {
  const server = await startDevices({ authorizationDetails: { payment } })
  for (const authorization_details of ['[{"type":"other"}]', '{}', 'x']) {
    const answer = await server.post('/device_authorization', { client_id: 'tv', authorization_details })
    assert.deepEqual([answer.status, (await json(answer)).error], [400, 'invalid_authorization_details'])
  }
})

test('RFC 9396 §11.1, RFC 8628 §3.3: details that the client may not ask for any more are neither shown nor allowed', async () => {
  const server = await startDevices({ authorizationDetails: { payment } })
  const { user_code } = await newDevice(server, { authorization_details: pay })
  const page = await visitDeviceConsent(server, user_code)
  await server.store.clients.save(await clientFrom({ ...television, authorization_details_types: [] }))
  assert.equal((await page.browser.get(page.path)).status, 400)
  assert.equal((await allow(page)).status, 400)
  assert.equal(server.events.filter(({ type }) => type === 'device_approved').length, 0)
})

test('RFC 9449 §5, RFC 8628 §3.4: tokens of a device are bound to the key of its proof, and so is its refresh token', async () => {
  const server = await startDevices({ dpop: true })
  const [device, thief] = [await dpopClient(server.clock), await dpopClient(server.clock)]
  const { device_code, user_code } = await newDevice(server)
  const form = { client_id: 'tv', grant_type: deviceGrantType, device_code }
  assert.equal((await json(await device.post(server, form))).error, 'authorization_pending')
  await approveDevice(server, user_code)
  const { refresh_token, token_type } = await json(await device.post(server, form))
  assert.equal(token_type, 'DPoP')
  const refresh = { ...refreshForm(refresh_token), client_id: 'tv' }
  assert.equal((await json(await thief.post(server, refresh))).error, 'invalid_grant')
  assert.equal((await json(await server.post('/token', refresh))).error, 'invalid_grant')
  assert.equal((await device.post(server, refresh)).status, 200)
})

test('RFC 9449 §10, RFC 8628 §3.1: a device code that was asked for with a key is good for that key only', async () => {
  const server = await startDevices({ dpop: true })
  const [device, thief] = [await dpopClient(server.clock), await dpopClient(server.clock)]
  const { device_code, user_code } = await newDevice(server, { dpop_jkt: device.jkt })
  await approveDevice(server, user_code)
  const form = { client_id: 'tv', grant_type: deviceGrantType, device_code }
  assert.equal((await poll(server, device_code)).error, 'invalid_grant')
  assert.equal((await json(await thief.post(server, form))).error, 'invalid_grant')
  assert.equal((await device.post(server, form)).status, 200)
})

test('RFC 7523 §2.2, RFC 8628 §3.1, A2-DEV-01: a client that signs does so at both endpoints, each time anew', async () => {
  const key = await generateSigningKey('ES256')
  const method = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.publicJwk] } } as const
  const server = await startDevices({ clients: [{ ...television, client_id: 'box', ...method }] })
  const now = server.clock.now()
  const proof = (jti: string) => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signJwt(key, {
      typ: 'JWT',
      claims: { iss: 'box', sub: 'box', aud: 'https://auth.example', iat: now, exp: now + 60, jti },
    }),
  })
  const asked = await server.post('/device_authorization', proof('one'))
  assert.equal(asked.status, 200)
  const { device_code, user_code } = (await asked.json()) as DeviceCodes
  const form = { grant_type: deviceGrantType, device_code }
  assert.equal((await server.post('/device_authorization', { client_id: 'box' })).status, 401)
  assert.equal((await server.post('/token', { ...form, ...proof('one') })).status, 401)
  assert.equal((await server.post('/token', { ...form, client_id: 'box' })).status, 401)
  await approveDevice(server, user_code)
  assert.equal((await server.post('/token', { ...form, ...proof('two') })).status, 200)
})
