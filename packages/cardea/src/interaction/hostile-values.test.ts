import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { errorDescriptionFrom } from '../core/spec/error-description.ts'
import {
  alice,
  requestPath,
  responseOf,
  sendPassword,
  visit,
  visitConsent,
  webApp,
} from '../testing/authorization-visit.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import { formsOf } from '../testing/user-agent.ts'

const payloads = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><svg onload=alert(1)>',
  'javascript:alert(1)',
  '{{7*7}}$&',
  '&lt;script&gt;',
  '\r\nSet-Cookie: a=b\r\n\r\n<script>',
  '%0d%0aSet-Cookie:%20a=b',
  '\u2028\u202e\u0000é\u{1f511}',
]

/** The names of all elements and attributes of a page, without what stands in values and between tags. */
function skeletonOf(text: string): string[] {
  return [...text.matchAll(/<(\/?[\w!-]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/g)].map(
    ([, tag = '', attributes = '']) =>
      `${tag} ${[...attributes.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, name]) => name)}`,
  )
}

function harmless(answer: Response, text: string): void {
  assert.equal(answer.headers.get('set-cookie')?.includes('a=b') ?? false, false)
  for (const [name, value] of answer.headers) assert.match(value, /^[\x20-\x7e]*$/, name)
  assert.doesNotMatch(text, /<script>|<img|<svg onload|(?:href|src|action)="javascript:/i)
}

const start = (client: object = {}): Promise<TestServer> =>
  startTestServer({ clients: [{ ...webApp, ...client }], users: [alice] })

test('T-AUZ-10: hostile parameters change nothing of an error page but its text', async () => {
  const server = await start()
  const plain = skeletonOf(await (await server.agent().get(requestPath({ client_id: 'nobody' }))).text())
  assert.ok(plain.length > 10)
  for (const payload of payloads) {
    for (const query of [{ client_id: payload }, { redirect_uri: payload }]) {
      const answer = await server.agent().get(requestPath(query))
      const text = await answer.text()
      assert.equal(answer.status, 400)
      harmless(answer, text)
      assert.deepEqual(skeletonOf(text), plain, payload)
    }
    const name = encodeURIComponent(payload)
    const twice = await server.agent().get(`${requestPath()}&${name}=1&${name}=2`)
    const text = await twice.text()
    assert.equal(twice.status, 400)
    harmless(twice, text)
    assert.deepEqual(skeletonOf(text), plain, payload)
  }
})

test('T-AUZ-10: hostile parameters come back encoded in every response mode', async () => {
  const server = await start()
  for (const payload of payloads) {
    for (const response_mode of ['query', 'fragment', 'form_post']) {
      for (const name of [
        'scope',
        'prompt',
        'max_age',
        'response_type',
        'code_challenge',
        'code_challenge_method',
        'state',
      ]) {
        const answer = await server.agent().get(requestPath({ prompt: 'none', response_mode, [name]: payload }))
        const text = await answer.text()
        harmless(answer, text)
        const fields = answer.status === 200 ? Object.fromEntries(formsOf(text)[0]?.fields ?? []) : responseOf(answer)
        assert.ok(fields.error, `${name} ${payload}`)
        assert.match(fields.error_description ?? '', /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
        assert.equal(fields.iss, 'https://auth.example')
      }
    }
  }
})

test('T-AUZ-10: a hostile username is shown as it was typed, escaped', async () => {
  const server = await start()
  const plain = skeletonOf(await (await sendPassword(await visit(server), 'nobody', 'wrong')).text())
  for (const payload of payloads.filter((text) => !/[\r\n\0]/.test(text))) {
    const answer = await sendPassword(await visit(server), payload, 'wrong')
    const text = await answer.text()
    harmless(answer, text)
    assert.deepEqual(skeletonOf(text), plain, payload)
    assert.ok(formsOf(text)[0]?.fields.some(([name, value]) => name === 'username' && value === payload))
  }
})

test('T-AUZ-10: hostile registrations are escaped on the consent page, and their addresses not linked', async () => {
  const user = { ...alice, name: '<script>alert(1)</script>' }
  for (const payload of payloads) {
    const server = await startTestServer({
      clients: [{ ...webApp, client_name: payload, client_uri: payload, policy_uri: payload, tos_uri: payload }],
      users: [user],
      scopes: [{ name: 'read', description: payload, is_default: true }],
      title: payload,
    })
    const { page, text } = await visitConsent(server, user)
    harmless(page, text)
    assert.doesNotMatch(text, /href="(?!https?:)/)
    const [tags] = [skeletonOf(text).filter((tag) => /^(?:script|img|svg) .*(?:src|on\w+)/.test(tag))]
    assert.deepEqual(tags, [])
  }
})

test('RFC 6749 §5.2: property: an error description holds the allowed characters only, whatever it quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      assert.match(errorDescriptionFrom(text), /^[\x20-\x21\x23-\x5b\x5d-\x7e]{0,300}$/)
    }),
  )
})

test('T-AUZ-11: property: no query makes the authorization endpoint fail or redirect anywhere else', async () => {
  const server = await start()
  const name = fc.oneof(
    fc.constantFrom(
      'client_id',
      'redirect_uri',
      'response_type',
      'response_mode',
      'scope',
      'state',
      'prompt',
      'max_age',
    ),
    fc.string({ maxLength: 5 }),
  )
  const value = fc.oneof(
    fc.constantFrom('app', 'code', 'token', 'none', 'login', 'read', 'https://client.example/cb', '%', '%00', '%ff'),
    fc.string({ unit: 'binary', maxLength: 10 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.string({ maxLength: 10 }),
  )
  const queries = fc.array(fc.tuple(name, value), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(queries, fc.boolean(), async (pairs, sound) => {
      const query = pairs.map(([key, text]) => `${key}=${text.replaceAll(/[#\s]/g, '')}`).join('&')
      const path = sound ? `${requestPath()}&${query}` : `/authorize?${query}`
      const answer = await server.agent().get(path)
      assert.ok([200, 303, 400].includes(answer.status), `${answer.status} ${path}`)
      const location = answer.headers.get('location') ?? 'https://client.example/cb'
      assert.match(location, /^(?:\/interaction\/|https:\/\/client\.example\/cb)/)
    }),
    { numRuns: 200 },
  )
})
