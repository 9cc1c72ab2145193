import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, answerTo, consentHost, page, refusal, sentBack } from '../../test-support/consent-host.ts'
import type { ConsentOptions, Endpoint, HostClient, HttpResponse, ResponseMode } from '../index.ts'
import { basic } from '../testing/test-server.ts'
import { PasswordGrant } from './grants/password-grant.ts'

const unsendable: readonly unknown[] = [
  { status: 200, headers: { 'x\n': 'y' }, body: '' },
  { status: 200, headers: { x: 'a\r\nset-cookie: b' }, body: '' },
  { status: 200, headers: { x: ['fine', '☃'] }, body: '' },
  { status: 200, headers: { x: 5 }, body: '' },
  { status: 200, headers: { 'Content-Length': '1' }, body: 'long' },
  { status: 200, headers: { 'transfer-encoding': 'chunked' }, body: '' },
  { status: 200, headers: null, body: '' },
  { status: 200, headers: {}, body: null },
  { status: 99_999, headers: {}, body: '' },
  { status: 101, headers: {}, body: '' },
  { status: Number.NaN, headers: {}, body: '' },
  undefined,
  5,
]

test('BEAT-01: an endpoint of the host whose answer cannot be sent is a failure of the server, and told', async () => {
  for (const answer of unsendable) {
    const { server } = await consentHost()
    const failures: string[] = []
    server.on('internal_error', ({ error }) => failures.push(String(error)))
    const methods = { GET: async () => answer } as unknown as Endpoint['methods']
    server.registerEndpoint({ name: 'mine', path: '/mine', clientAuthentication: false, methods })
    const { status } = await server.createEndpointResponse('mine', new Request('https://auth.example/mine'))
    assert.equal(status, 500, JSON.stringify(answer))
    assert.match(failures[0] ?? '', /the endpoint mine must return/)
  }
})

test('BEAT-01: an endpoint of the host may send any sound answer', async () => {
  const answer = {
    status: 418,
    headers: { 'X-Tea': 'é', 'content-length': '2', 'set-cookie': ['a=b', 'c=d'] },
    body: 'é',
  }
  const { server } = await consentHost()
  const methods = { GET: async (): Promise<HttpResponse> => answer }
  server.registerEndpoint({ name: 'mine', path: '/mine', clientAuthentication: false, methods })
  const told = await server.createEndpointResponse('mine', new Request('https://auth.example/mine'))
  assert.deepEqual([told.status, await told.text(), told.headers.getSetCookie()], [418, 'é', ['a=b', 'c=d']])
})

test('A2-AS-14: a response mode of the host whose answer cannot be sent is answered with a 500, refusals too', async () => {
  for (const answer of unsendable) {
    const { server } = await consentHost()
    server.registerResponseMode({ name: 'mine', respond: () => answer } as unknown as ResponseMode)
    const request = page({ response_mode: 'mine' })
    const grant = await server.getConsentGrant(request, { endUser: ada })
    const decision = { grant, grantUser: ada, skipConsent: true }
    assert.equal((await server.createAuthorizationResponse(request, decision)).status, 500, JSON.stringify(answer))
    const wrong = page({ response_mode: 'mine', scope: 'unknown' })
    const error = await refusal(server.getConsentGrant(wrong, { endUser: ada }))
    assert.equal((await server.handleErrorResponse(wrong, error)).status, 500)
  }
})

test('A2-AS-11: a ticket of a parsed form that is no text is refused like any that is made up', async () => {
  const { server } = await consentHost()
  for (const ticket of [['a', 'b'], { $ne: '' }, 5, true]) {
    const request = answerTo([])
    const options: ConsentOptions<typeof ada> = { endUser: ada, ticket: ticket as unknown as string }
    const error = await refusal(server.getConsentGrant(request, options))
    assert.equal((await server.handleErrorResponse(request, error)).status, 400)
  }
})

test('A2-AS-10: one checked box of a parsed form is the scope that is granted', async () => {
  const { server } = await consentHost()
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const request = answerTo(fields)
  const grant = await server.getConsentGrant(request, { endUser: ada })
  const scope = 'read' as unknown as readonly 'read'[]
  const answer = await server.createAuthorizationResponse(request, { grant, grantUser: ada, scope })
  assert.ok(sentBack(answer).searchParams.has('code'))
  assert.deepEqual((await server.getConsentGrant(page({ scope: 'read' }), { endUser: ada })).prompt, undefined)
  assert.deepEqual((await server.getConsentGrant(page({ scope: 'write' }), { endUser: ada })).prompt, 'consent')
})

test('OIDC Core §3.1.2.1: a time of sign-in that is none, or in milliseconds, meets no max_age', async () => {
  const { server, clock } = await consentHost()
  const request = () => page({ max_age: '10' })
  for (const authTime of [Number.NaN, Number.POSITIVE_INFINITY, -1, clock.now() * 1000, '5', new Date()]) {
    const asking = server.getConsentGrant(request(), { endUser: ada, authTime: authTime as number })
    assert.match((await refusal(asking)).message, /^authTime: must be seconds/, String(authTime))
  }
  const unknown = null as unknown as number
  assert.equal((await server.getConsentGrant(request(), { endUser: ada, authTime: unknown })).prompt, 'login')
  assert.equal((await server.getConsentGrant(request(), { endUser: ada, authTime: clock.now() })).prompt, 'consent')
})

test('RFC 6749 §4.3: a user that a password grant finds disabled gets nothing', async () => {
  for (const disabled of [true, 1]) {
    const client = { client_id: 'job', client_secret: 's', grant_types: 'password' }
    const { server } = await consentHost({ clients: { find: () => client } })
    server.registerGrant(
      class extends PasswordGrant {
        override authenticateUser() {
          return { id: '1', disabled } as never
        }
      },
    )
    const body = new URLSearchParams({ grant_type: 'password', username: 'a', password: 'b' })
    const headers = { authorization: basic('job', 's') }
    const request = new Request('https://auth.example/token', { method: 'POST', body, headers })
    assert.equal((await server.createTokenResponse(request)).status, 400)
  }
})

test('A2-MODEL-01: every method of a client object may be asynchronous, and one that rejects ends nothing but its request', async () => {
  const object = (more: object): HostClient => ({
    redirect_uris: ['https://client.example/cb'],
    getClientId: async () => 'job',
    getDefaultRedirectUri: async () => 'https://client.example/cb',
    checkClientSecret: async (secret: string) => secret === 's',
    checkGrantType: async () => true,
    ...more,
  })
  const ask = async (more: object) => {
    const { server } = await consentHost({ clients: { find: () => object(more) } })
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'read' })
    const headers = { authorization: basic('job', 's') }
    const request = new Request('https://auth.example/token', { method: 'POST', body, headers })
    return (await server.createTokenResponse(request)).status
  }
  assert.equal(await ask({}), 200)
  const broken = () => Promise.reject(new Error('broken'))
  const names = ['getClientId', 'getDefaultRedirectUri', 'checkClientSecret', 'checkGrantType']
  for (const name of names) assert.equal(await ask({ [name]: broken }), 500, name)
})
