import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  app,
  bodyOf,
  codeForm,
  dpopClient,
  refreshForm,
  refusalOf,
  startDpop,
} from '../../../test-support/dpop-client.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { invalidGrant } from '../../core/spec/errors.ts'
import { StorageUnavailable } from '../../core/spec/storage-error.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import { deviceGrantType } from '../../testing/device-flow.ts'
import { startTestServer, type TestClient, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import type { Grant } from './grant.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { password } from './grants/password.ts'
import { refreshToken } from './grants/refresh-token.ts'

const issuer = 'https://auth.example'
const ada = { id: 'u1', username: 'ada', password: 'correct horse' }
const key = await generateSigningKey('ES256')
const ticketGrant = 'urn:example:grant-type:ticket'

const keyed: TestClient = {
  client_id: 'keyed',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key.publicJwk] },
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'password', deviceGrantType, ticketGrant],
}

/** Of a host: takes something away before it issues. */
const ticket = (taken: string[]): Grant => ({
  type: ticketGrant,
  publicClients: false,
  async handle(request) {
    const name = request.params.get('ticket') ?? ''
    if (taken.includes(name)) throw invalidGrant('ticket_taken', 'The ticket was taken before')
    taken.push(name)
    return request.issue({ scope: ['read'] })
  },
})

async function start(options: TestServerOptions = {}) {
  const taken: string[] = []
  const grants = [authorizationCode(), refreshToken(), clientCredentials(), password(), ticket(taken)]
  const server = await startTestServer({ clients: [keyed], users: [ada], grants, deviceGrant: true, ...options })
  return { server, taken }
}

let made = 0
function assertionFor({ clock }: TestServer): Record<string, string> {
  made += 1
  const now = clock.now()
  const claims = { iss: 'keyed', sub: 'keyed', aud: issuer, iat: now, exp: now + 120, jti: `assertion ${made}` }
  return {
    client_assertion: signJwt(key, { typ: 'client-authentication+jwt', claims }),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  }
}

interface Answer {
  readonly status: number
  readonly error?: string
  readonly refresh_token?: string
  readonly device_code?: string
}

async function post(server: TestServer, form: Record<string, string>, path = '/token'): Promise<Answer> {
  const answer = await server.post(path, form)
  return { status: answer.status, ...((await answer.json()) as object) }
}

const refused = { status: 401, error: 'invalid_client' }
const outcome = ({ status, error }: Answer) => ({ status, error })

async function usedAssertion(server: TestServer): Promise<Record<string, string>> {
  const assertion = assertionFor(server)
  assert.equal((await post(server, { grant_type: 'client_credentials', ...assertion })).status, 200)
  return assertion
}

async function firstRefreshToken(server: TestServer): Promise<string> {
  const code = await codeFor(server, ada, { client_id: 'keyed' })
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  return (await post(server, { ...form, ...assertionFor(server) })).refresh_token ?? ''
}

const refreshing = (refresh_token = '') => ({ grant_type: 'refresh_token', refresh_token })

test('RFC 7523 §3: a captured refresh, sent again with its used assertion, does not end the family', async () => {
  const { server } = await start()
  const first = await firstRefreshToken(server)
  const captured = { ...refreshing(first), ...assertionFor(server) }
  const { refresh_token } = await post(server, captured)
  server.clock.advance(61)
  assert.deepEqual(outcome(await post(server, captured)), refused)
  assert.equal((await post(server, { ...refreshing(refresh_token), ...assertionFor(server) })).status, 200)
})

test('RFC 9449 §11.1: a captured refresh, sent again with its used proof, does not end the family', async () => {
  const server = await startDpop({ clients: [app] })
  const holder = await dpopClient(server.clock)
  const { refresh_token } = await bodyOf(await holder.post(server, await codeForm(server, 'app')))
  const headers = { dpop: holder.proof() }
  const renewed = await bodyOf(await server.post('/token', refreshForm(refresh_token), { headers }))
  server.clock.advance(61)
  assert.deepEqual(await refusalOf(server, server.post('/token', refreshForm(refresh_token), { headers })), [
    400,
    'invalid_dpop_proof',
    'dpop_replayed',
  ])
  assert.equal((await holder.post(server, refreshForm(renewed.refresh_token))).status, 200)
})

test('RFC 8628 §3.5, RFC 7523 §3: a poll with a used assertion does not make the device wait longer', async () => {
  const { server } = await start()
  const { device_code = '' } = await post(server, assertionFor(server), '/device_authorization')
  const poll = { grant_type: deviceGrantType, device_code }
  const captured = { ...poll, ...assertionFor(server) }
  server.clock.advance(5)
  assert.equal((await post(server, captured)).error, 'authorization_pending')
  for (const _ of [1, 2, 3]) assert.deepEqual(outcome(await post(server, captured)), refused)
  server.clock.advance(5)
  assert.equal((await post(server, { ...poll, ...assertionFor(server) })).error, 'authorization_pending')
})

test('RFC 6749 §4.3.2, RFC 7523 §3: no password is guessed, and nobody locked out, with a used assertion', async () => {
  const { server } = await start({ limits: { account: { attempts: 2, window: 300 } } })
  const used = await usedAssertion(server)
  const form = { grant_type: 'password', username: 'ada', password: 'wrong' }
  for (const _ of [1, 2, 3]) assert.deepEqual(outcome(await post(server, { ...form, ...used })), refused)
  assert.equal((await post(server, { ...form, password: ada.password, ...assertionFor(server) })).status, 200)
})

test('RFC 7523 §3: a grant of the host is handed no request with a used assertion', async () => {
  const { server, taken } = await start()
  const used = await usedAssertion(server)
  assert.deepEqual(outcome(await post(server, { grant_type: ticketGrant, ticket: 'one', ...used })), refused)
  assert.deepEqual(taken, [])
  assert.equal((await post(server, { grant_type: ticketGrant, ticket: 'one', ...assertionFor(server) })).status, 200)
})

for (const hook of [
  'beforeValidateTokenRequest',
  'afterValidateTokenRequest',
  'beforeCreateTokenResponse',
  'beforeIssueToken',
] as const) {
  test(`RFC 7523 §3: the hook ${hook} is not told of a request with a used assertion`, async () => {
    let told = 0
    const count = (): void => {
      told += 1
    }
    const { server } = await start({ hooks: { [hook]: count } })
    const used = await usedAssertion(server)
    assert.deepEqual(outcome(await post(server, { grant_type: 'client_credentials', ...used })), refused)
    assert.equal(told, 1)
  })
}

for (const place of ['in the ledger', 'apart from the ledger']) {
  test(`RFC 9449 §11.1: with marks ${place}, who authenticates and repeats a proof has authenticated`, async () => {
    const store = memoryStore()
    const apart = place === 'in the ledger' ? store : { ...store, replay: memoryStore().replay }
    const { server } = await start({ dpop: true, store: apart })
    const holder = await dpopClient(server.clock)
    const headers = { dpop: holder.proof() }
    const ask = () => server.post('/token', { grant_type: 'client_credentials', ...assertionFor(server) }, { headers })
    assert.equal((await ask()).status, 200)
    assert.deepEqual(await refusalOf(server, ask()), [400, 'invalid_dpop_proof', 'dpop_replayed'])
    const told = server.events.filter(({ type }) => type.startsWith('client_authentic')).map(({ type }) => type)
    assert.deepEqual(told, ['client_authenticated', 'client_authenticated'])
  })
}

test('RFC 7523 §3: a store that fails uses no assertion up, and is not taken for a second use', async () => {
  const store = memoryStore()
  let broken = false
  const commit: typeof store.ledger.commit = async (entry) => {
    if (broken) throw new StorageUnavailable('down')
    return store.ledger.commit(entry)
  }
  const { server } = await start({ store: { ...store, ledger: { ...store.ledger, commit } } })
  const form = { grant_type: 'client_credentials', ...assertionFor(server) }
  broken = true
  assert.equal((await post(server, form)).status, 503)
  assert.deepEqual(
    server.events.filter(({ type }) => type === 'client_authentication_failed'),
    [],
  )
  broken = false
  assert.equal((await post(server, form)).status, 200)
  assert.deepEqual(outcome(await post(server, form)), refused)
})
