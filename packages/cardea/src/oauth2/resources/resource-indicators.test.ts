import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { alice, allow, requestPath, responseOf, visitConsent } from '../../testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'

const files = 'https://files.example/api'
const mail = 'https://mail.example'
const resources = [
  { identifier: files, name: 'The files', scopes: ['read', 'write'] },
  { identifier: mail, name: 'The mail', scopes: ['read'] },
]
const client = ['job', 'a secret'] as const
const job = { client_id: 'job', secret: 'a secret', introspect_any: true }
const app = { client_id: 'app', grant_types: ['authorization_code', 'refresh_token'] }

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [job, app], users: [alice], resources, ...options })

type Form = readonly (readonly [name: string, value: string])[]

const ask = (server: TestServer, form: Form, isMachine = false): Promise<Response> =>
  server.post(
    '/token',
    new URLSearchParams(form.map(([name, value]) => [name, value])).toString(),
    isMachine ? { client } : {},
  )

interface Answer {
  readonly access_token: string
  readonly refresh_token: string
  readonly scope: string
  readonly error?: string
}

async function answerOf(response: Response): Promise<Answer> {
  return (await response.json()) as Answer
}

const at = (...named: string[]): Form => named.map((resource) => ['resource', resource] as const)
const machine: Form = [['grant_type', 'client_credentials']]

async function audienceOf(server: TestServer, { access_token }: Answer): Promise<unknown> {
  const answer = await server.post('/introspect', { token: access_token }, { client })
  return ((await answer.json()) as { aud?: unknown }).aud
}

/** Codes of alice for the resources named. */
async function redeemed(server: TestServer, asked: readonly string[], more: Form = [], scope = 'read write') {
  const code = await codeOf(server, asked, scope)
  return ask(server, [
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['client_id', 'app'],
    ['code_verifier', pkcePair.verifier],
    ...more,
  ])
}

/** What follows the path begins with a question mark and `response_type`, which the last parameter here swallows. */
function codeOf(server: TestServer, asked: readonly string[], scope: string): Promise<string> {
  const form = [['response_type', 'code'], ...at(...asked), ['ignored', '']].map(([name = '', value = '']) => [
    name,
    value,
  ])
  return codeFor(server, alice, { client_id: 'app', scope }, { path: `/authorize?${new URLSearchParams(form)}` })
}

const refreshed = (server: TestServer, { refresh_token }: Answer, more: Form = []): Promise<Response> =>
  ask(server, [['grant_type', 'refresh_token'], ['refresh_token', refresh_token], ['client_id', 'app'], ...more])

test('RFC 8707 §2.2: a machine names the resource, and gets a token for it, with the scope it takes', async () => {
  const server = await start()
  const answer = await answerOf(await ask(server, [...machine, ['scope', 'read write'], ...at(mail)], true))
  assert.equal(answer.scope, 'read')
  assert.equal(await audienceOf(server, answer), mail)
})

test('RFC 8707 §2: a token may be for several resources', async () => {
  const server = await start()
  const answer = await answerOf(
    await ask(server, [...machine, ['scope', 'read write'], ...at(mail, files, mail)], true),
  )
  assert.equal(answer.scope, 'read write')
  assert.deepEqual(await audienceOf(server, answer), [mail, files])
})

test('RFC 8707 §2.1: an implicit answer cannot be asked for one by one, so its resources must share a token', async () => {
  const [first, second] = resources
  assert.ok(first && second)
  const server = await start({
    clients: [{ ...app, response_types: ['token'], grant_types: ['implicit'] }],
    responseTypes: ['code', 'token'],
    resources: [{ ...first, token_format: 'jwt' }, second],
  })
  const path = `${requestPath({ response_type: 'token', resource: files })}&resource=${encodeURIComponent(mail)}`
  assert.equal(responseOf(await server.agent().get(path)).error, 'invalid_target')
})

for (const [what, resource] of [
  ['unknown', 'https://other.example'],
  ['no URI', 'files'],
  ['one with a fragment', `${files}#part`],
  ['one with a trailing slash', `${files}/`],
  ['the beginning of one', 'https://files.example'],
  ['in other letters', files.replace('/api', '/API')],
  ['hostile', '"><script>'],
] as const) {
  test(`RFC 8707 §2: a resource that is ${what} is refused with invalid_target`, async () => {
    const server = await start()
    const response = await ask(server, [...machine, ...at(files, resource)], true)
    assert.equal(response.status, 400)
    assert.equal((await answerOf(response)).error, 'invalid_target')
    const sent = await server.agent().get(requestPath({ resource }))
    assert.equal(responseOf(sent).error, 'invalid_target')
  })
}

test('RFC 3986 §6.2.3, ASK-22: an origin with and without its slash is one resource, called as it is registered', async () => {
  const server = await start()
  for (const spelling of [`${mail}/`, 'https://MAIL.example', 'https://mail.example:443'])
    assert.equal(await audienceOf(server, await answerOf(await ask(server, [...machine, ...at(spelling)], true))), mail)
})

test('RFC 6749 §3.1: a resource without a value was not sent', async () => {
  const server = await start()
  assert.equal(await audienceOf(server, await answerOf(await ask(server, [...machine, ...at('')], true))), undefined)
})

test('RFC 8707 §2: twenty-one resources in one request are refused', async () => {
  const server = await start()
  const response = await ask(server, [...machine, ...at(...Array.from({ length: 21 }, () => mail))], true)
  assert.equal((await answerOf(response)).error, 'invalid_target')
})

test('RFC 8707 §2.1: what the authorization request names holds for code, access token and refresh', async () => {
  const server = await start()
  const first = await answerOf(await redeemed(server, [files]))
  assert.equal(await audienceOf(server, first), files)
  const next = await answerOf(await refreshed(server, first))
  assert.equal(await audienceOf(server, next), files)
})

test('RFC 8707 §2.2: the token request narrows, and refreshing still reaches the rest', async () => {
  const server = await start()
  const first = await answerOf(await redeemed(server, [files, mail], at(mail)))
  assert.deepEqual([await audienceOf(server, first), first.scope], [mail, 'read'])
  const other = await answerOf(await refreshed(server, first, at(files)))
  assert.deepEqual([await audienceOf(server, other), other.scope], [files, 'read write'])
  const whole = await answerOf(await refreshed(server, other))
  assert.deepEqual([await audienceOf(server, whole), whole.scope], [[files, mail], 'read write'])
})

test('RFC 8707 §2.2: neither code nor refresh token reaches a resource that was not granted', async () => {
  const server = await start()
  const refused = await redeemed(server, [mail], at(files), 'read')
  assert.equal((await answerOf(refused)).error, 'invalid_target')
  const first = await answerOf(await redeemed(server, [mail], [], 'read'))
  assert.equal((await answerOf(await refreshed(server, first, at(files)))).error, 'invalid_target')
})

test('RFC 8707 §2.2: a refused resource spends neither code nor refresh token', async () => {
  const server = await start()
  const code = await codeOf(server, [mail], 'read')
  const form: Form = [
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['client_id', 'app'],
    ['code_verifier', pkcePair.verifier],
  ]
  assert.equal((await ask(server, [...form, ...at(files)])).status, 400)
  const first = await answerOf(await ask(server, form))
  assert.equal((await refreshed(server, first, at(files))).status, 400)
  assert.equal((await refreshed(server, first)).status, 200)
})

test('RFC 8707 §2.2: a grant without a resource is for the one that its first token names', async () => {
  const server = await start()
  const first = await answerOf(await redeemed(server, [], at(files)))
  assert.equal(await audienceOf(server, first), files)
  assert.equal(await audienceOf(server, await answerOf(await refreshed(server, first))), files)
  assert.equal((await answerOf(await refreshed(server, first, at(mail)))).error, 'invalid_target')
})

test('RFC 8707 §2: scope that means nothing at the resource is left out, and refused where nothing is left', async () => {
  const server = await start()
  const first = await answerOf(await redeemed(server, [mail]))
  assert.equal(first.scope, 'read')
  const response = await ask(server, [...machine, ['scope', 'write'], ...at(mail)], true)
  assert.equal((await answerOf(response)).error, 'invalid_scope')
  const sent = await server.agent().get(requestPath({ resource: mail, scope: 'write' }))
  assert.equal(responseOf(sent).error, 'invalid_scope')
})

test('RFC 8707 §2: a client that is limited to resources reaches no other, and names none in vain', async () => {
  const server = await start({ clients: [{ ...job, resources: [mail] }] })
  assert.equal((await answerOf(await ask(server, [...machine, ...at(files)], true))).error, 'invalid_target')
  assert.equal(await audienceOf(server, await answerOf(await ask(server, machine, true))), mail)
  const none = await start({ clients: [{ ...job, resources: [] }] })
  assert.equal((await answerOf(await ask(none, machine, true))).error, 'invalid_target')
})

test('RFC 8707 §2: without a resource the default one is meant, everywhere', async () => {
  const server = await start({ defaultResource: mail })
  const machineAnswer = await answerOf(await ask(server, machine, true))
  assert.equal(await audienceOf(server, machineAnswer), mail)
  const first = await answerOf(await redeemed(server, [], [], 'read'))
  assert.equal(await audienceOf(server, first), mail)
  assert.equal((await answerOf(await refreshed(server, first, at(files)))).error, 'invalid_target')
})

test('RFC 8707 §2: a resource that is deleted, or taken from the client, is not renewed', async () => {
  const server = await start({ resources: [] })
  const [first] = resources
  assert.ok(first)
  await server.store.resources.save(first)
  const tokens = await answerOf(await redeemed(server, [files]))
  assert.equal(await audienceOf(server, tokens), files)
  const registered = await server.store.clients.find('app')
  assert.ok(registered)
  await server.store.clients.save({ ...registered, resources: [mail] })
  assert.equal((await answerOf(await refreshed(server, tokens))).error, 'invalid_target')
  await server.store.clients.save(registered)
  await server.store.resources.delete(files)
  assert.equal((await answerOf(await refreshed(server, tokens))).error, 'invalid_target')
})

test('RFC 9068 §3: resources with different tokens share none; one after the other works', async () => {
  const [first, second] = resources
  assert.ok(first && second)
  const server = await start({ resources: [{ ...first, token_format: 'jwt' }, second] })
  assert.equal((await answerOf(await ask(server, [...machine, ...at(files, mail)], true))).error, 'invalid_target')
  const jwt = await answerOf(await redeemed(server, [files, mail], at(files)))
  assert.equal(decodeJwt(jwt.access_token).aud, files)
  const opaque = await answerOf(await refreshed(server, jwt, at(mail)))
  assert.match(opaque.access_token, /^cat_/)
  assert.equal(await audienceOf(server, opaque), mail)
})

test('RFC 8707 §2.1: the consent page says for which resources, and asks again for a new one', async () => {
  const server = await start()
  const visit = await visitConsent(server, alice, { resource: mail, scope: 'read' })
  assert.ok(visit.text.includes('The mail'))
  assert.ok(visit.text.includes(mail))
  assert.ok(!visit.text.includes('The files'))
  await allow(visit)
  const again = await visit.browser.get(requestPath({ resource: mail, scope: 'read' }))
  assert.equal(typeof responseOf(again).code, 'string')
  const other = await visit.browser.get(requestPath({ resource: files, scope: 'read' }))
  assert.match(other.headers.get('location') ?? '', /^\/interaction\//)
})

const requestWith = (token: string) => ({
  method: 'GET',
  target: '/',
  path: '/',
  query: '',
  header: (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined),
  text: async () => '',
  secure: true,
  remoteAddress: undefined,
})

for (const format of ['opaque', 'jwt'] as const) {
  test(`RFC 8707 §3: a guard that names its resource lets in ${format} tokens for it, and no others`, async () => {
    const server = await start({ accessTokenFormat: format })
    const guard = server.provider.protect({ scope: 'read', resource: mail })
    const { access_token } = await answerOf(await ask(server, [...machine, ...at(mail)], true))
    assert.ok('token' in (await guard(requestWith(access_token))))
    for (const form of [[...machine, ...at(files)], machine]) {
      const other = await answerOf(await ask(server, form, true))
      const result = await guard(requestWith(other.access_token))
      assert.ok('refused' in result)
      assert.equal(result.refused.status, 401)
      assert.match(String(result.refused.headers['www-authenticate']), /error="invalid_token"/)
    }
    const both = await answerOf(await ask(server, [...machine, ...at(files, mail)], true))
    assert.ok('token' in (await guard(requestWith(both.access_token))))
  })
}
