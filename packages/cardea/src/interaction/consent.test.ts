import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  alice,
  allow,
  decline,
  reload,
  responseOf,
  type Visit,
  visit,
  visitConsent,
  webApp,
} from '../testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'
import { formsOf } from '../testing/user-agent.ts'

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [webApp], users: [alice], ...options })

const both = { scope: 'read write' }

const issuedScopes = ({ events }: TestServer): readonly (readonly string[])[] =>
  events.flatMap((event) => (event.type === 'code_issued' ? [event.scope] : []))

const post = ({ browser, path, csrf }: Visit, fields: readonly (readonly [string, string])[]): Promise<Response> =>
  browser.post(path, [['csrf', csrf], ...fields])

test('RFC 6749 §3.3: the page shows client, redirect host and each requested scope ticked, and no other', async () => {
  const scopes = ['one', 'two', 'three', 'four'].map((name) => ({
    name,
    description: `About ${name}`,
    is_default: false,
  }))
  const server = await start({ clients: [{ ...webApp, client_name: 'Prints' }], scopes })
  const { text } = await visitConsent(server, alice, { scope: 'four one' })
  for (const shown of ['Prints', '<bdi>app</bdi>', '<bdi>client.example</bdi>', 'About one', 'About four', 'alice']) {
    assert.ok(text.includes(shown), shown)
  }
  assert.doesNotMatch(text, /About two|About three/)
  const ticked = formsOf(text).flatMap(({ fields }) => fields.filter(([name]) => name === 'scope'))
  assert.deepEqual(ticked, [
    ['scope', 'four'],
    ['scope', 'one'],
  ])
})

test('RFC 6749 §3.3: only what was ticked is granted, and never more than was asked for', async () => {
  const server = await start()
  for (const [ticked, granted] of [
    [['write'], ['write']],
    [
      ['read', 'write', 'admin', '*', 'read write'],
      ['read', 'write'],
    ],
    [['write', 'write'], ['write']],
    [['WRITE', 'read'], ['read']],
  ] as const) {
    await allow(await visitConsent(server, alice, { ...both, prompt: 'consent' }), ticked)
    assert.deepEqual(issuedScopes(server).at(-1), granted)
  }
})

test('RFC 6749 §3.3: nothing ticked, or only what was not asked for, shows the page again with a message', async () => {
  const server = await start()
  const at = await visitConsent(server, alice, both)
  for (const ticked of [[], ['admin'], [''], ['read write'], ['Read'], ['__proto__']]) {
    const answer = await allow(at, ticked)
    assert.deepEqual([answer.status, answer.headers.get('location')], [400, null])
    assert.match(await answer.text(), /Nothing is chosen/)
  }
  assert.deepEqual(issuedScopes(server), [])
  assert.equal((await allow(at)).status, 303)
})

test('RFC 6749 §3.3: a request without any scope can be allowed', async () => {
  const server = await start({ scopes: [] })
  const at = await visitConsent(server, alice)
  assert.match(responseOf(await allow(at, [])).code ?? '', /^cac_/)
  assert.deepEqual(issuedScopes(server), [[]])
})

const undecided: readonly (readonly (readonly [string, string])[])[] = [
  [['scope', 'read']],
  [
    ['scope', 'read'],
    ['decision', ''],
  ],
  [
    ['scope', 'read'],
    ['decision', 'ALLOW'],
  ],
  [
    ['scope', 'read'],
    ['decision', '1'],
  ],
  [
    ['scope', 'read'],
    ['decision', 'toString'],
  ],
  [
    ['scope', 'read'],
    ['action', 'sign_in'],
    ['username', 'alice'],
    ['password', 'correct horse'],
  ],
]

test('T-SES-3: a form without a known decision decides nothing and shows the page again', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  for (const fields of undecided) {
    const answer = await post(at, fields)
    assert.equal(answer.headers.get('location'), null, JSON.stringify(fields))
    assert.match(await answer.text(), /value="allow"/)
  }
  assert.deepEqual(issuedScopes(server), [])
})

test('RFC 6749 §3.1: a decision or a proof that is given twice decides nothing', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  const twice: readonly (readonly (readonly [string, string])[])[] = [
    [
      ['scope', 'read'],
      ['decision', 'deny'],
      ['decision', 'allow'],
    ],
    [
      ['scope', 'read'],
      ['decision', 'allow'],
      ['decision', 'allow'],
    ],
    [
      ['scope', 'read'],
      ['decision', 'allow'],
      ['csrf', at.csrf],
    ],
  ]
  for (const fields of twice) {
    const answer = await post(at, fields)
    assert.deepEqual([answer.status, answer.headers.get('location')], [400, null])
  }
  assert.deepEqual(issuedScopes(server), [])
})

test('RFC 6749 §4.1.2.1: contradicting buttons are a refusal', async () => {
  const server = await start()
  for (const fields of [
    [
      ['action', 'cancel'],
      ['decision', 'allow'],
      ['scope', 'read'],
    ],
    [
      ['action', 'switch_account'],
      ['decision', 'deny'],
    ],
  ] as const) {
    const answer = await post(await visitConsent(server, alice), fields)
    assert.equal(responseOf(answer).error, 'access_denied')
  }
  assert.deepEqual(issuedScopes(server), [])
})

test('RFC 6749 §4.1.2.1: Cancel on the sign-in page denies, without a password', async () => {
  const server = await start()
  const at = await visit(server)
  const answer = await post(at, [
    ['username', ''],
    ['password', ''],
    ['action', 'cancel'],
  ])
  const { error, state } = responseOf(answer)
  assert.deepEqual([error, state], ['access_denied', 'st-1'])
})

test('T-SES-3: cancelling and changing the account need the proof of the form too', async () => {
  const server = await start()
  const signInPage = await visit(server)
  const consentPage = await visitConsent(server, alice)
  for (const at of [signInPage, consentPage]) {
    for (const fields of [{ action: 'cancel' }, { decision: 'deny' }, { action: 'switch_account' }]) {
      const answer = await at.browser.post(at.path, fields)
      assert.deepEqual([answer.status, answer.headers.get('location')], [403, null])
    }
  }
  assert.match((await reload(consentPage)).text, /Signed in as/)
})

test('T-SES-1: another account ends the session on the server and asks to sign in for the same request', async () => {
  const server = await start()
  const at = await visitConsent(server, alice)
  const session = at.browser.cookies.get('__Host-cardea_session') ?? ''
  const answer = await post(at, [['action', 'switch_account']])
  assert.equal(answer.headers.get('location'), at.path)
  assert.equal(at.browser.cookies.has('__Host-cardea_session'), false)
  at.browser.cookies.set('__Host-cardea_session', session)
  assert.match((await reload(at)).text, /name="password"/)
})

test('consent: the events say who allowed or declined what, once', async () => {
  const server = await start()
  await allow(await visitConsent(server, alice))
  await decline(await visitConsent(server, alice, { prompt: 'consent' }))
  const told = server.events.filter(({ type }) => type.startsWith('consent_'))
  assert.deepEqual(told, [
    { type: 'consent_given', clientId: 'app', userId: alice.id, scope: ['read'] },
    { type: 'consent_denied', clientId: 'app', userId: alice.id },
  ])
})
