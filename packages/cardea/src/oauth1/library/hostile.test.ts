import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataOf, formRequest, oauth1Host, signedRequest } from '../../testing/oauth1-host.ts'
import { OAuth1Error, OAuth1Server, type OAuth1ServerOptions, type TokenAndSecret } from '../index.ts'

const thrownBy = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error) => error)

const asked = { oauth_callback: 'https://i.test' }

test('RFC 5849 §2.2: what cannot be read in a request to the page is an OAuth1Error, as everything for a page of the host', async () => {
  const { server } = oauth1Host()
  const queries = ['?oauth_token=a&oauth_token=b', '?oauth_token=%', `?${'a&'.repeat(300)}`, '?oauth_token=%00', '']
  for (const query of queries) {
    for (const method of ['GET', 'POST']) {
      const request = new Request(`http://localhost/authorize${query}`, { method })
      const checked = await thrownBy(server.checkAuthorizationRequest(request))
      const answered = await thrownBy(server.createAuthorizationResponse(request, { grantUser: '1' }))
      assert.ok(checked instanceof OAuth1Error && answered instanceof OAuth1Error, query)
      assert.ok(checked.status >= 400 && checked.status < 500 && checked.description !== undefined)
    }
  }
})

test('RFC 9110 §15.5.14: a form for the page that is too long is an OAuth1Error, at once', async () => {
  const { server } = oauth1Host({ maxBodyBytes: 1000 })
  const request = formRequest('/authorize', { oauth_token: 'x'.repeat(100_000) })
  const error = await thrownBy(server.checkAuthorizationRequest(request))
  assert.ok(error instanceof OAuth1Error)
  assert.equal(error.reason, 'request_too_large')
})

test('RFC 5849 §2.2: a token of a parsed form that is no text is an OAuth1Error', async () => {
  const { server } = oauth1Host()
  for (const token of [['a', 'b'], { $gt: '' }, 5, null, '']) {
    const decision = { grantUser: '1', token: token as unknown as string }
    const error = await thrownBy(server.createAuthorizationResponse(formRequest('/authorize'), decision))
    assert.ok(error instanceof OAuth1Error, JSON.stringify(token))
  }
})

test('RFC 5849 §2.2: a scope of a parsed form is a list or text, and names are compared whole', async () => {
  const scopes = ['read', 'read-all'].map((name) => ({ name, description: name, is_default: true }))
  const approvals: (readonly string[])[] = []
  for (const scope of ['read-all', ['read-all'], 'read read-all', [], '', null]) {
    const { server, clock } = oauth1Host({
      scopes,
      onEvent: (event) => {
        if (event.type === 'consent_given') approvals.push(event.scope)
      },
    })
    const signing = { timestamp: clock.now(), nonce: 'n', parameters: asked }
    const initiating = signedRequest('/initiate', 'POST', signing)()
    const { oauth_token = '' } = await dataOf(await server.createTemporaryCredentialsResponse(initiating))
    await server.createAuthorizationResponse(formRequest('/authorize', { oauth_token }), { grantUser: '1', scope })
  }
  assert.deepEqual(approvals, [['read-all'], ['read-all'], ['read', 'read-all'], [], [], []])
})

test('A1-OAUTH1-49: a generator of the host that makes what can be guessed, or nothing, is a failure and no credential', async () => {
  const long = 'x'.repeat(30)
  const made = [
    { token: 'a', secret: long },
    { token: long, secret: 'b' },
    { token: `${long} \r\n`, secret: long },
    {},
    5,
    undefined,
  ]
  for (const pair of [...made, Promise.resolve({ token: long, secret: long })]) {
    const failures: unknown[] = []
    const { server, clock } = oauth1Host({
      generateToken: () => pair as TokenAndSecret,
      onEvent: (event) => {
        if (event.type === 'internal_error') failures.push(event.error)
      },
    })
    const signing = { timestamp: clock.now(), nonce: 'n', parameters: asked }
    const answer = await server.createTemporaryCredentialsResponse(signedRequest('/initiate', 'POST', signing)())
    assert.equal(answer.status, 500)
    assert.match(String(failures[0]), /generateToken/)
  }
})

test('RFC 6750 §3.1: a need that names nothing is refused when the route is made, and lets nobody in', () => {
  const { protector } = oauth1Host()
  for (const need of ['', ' ', [], [''], ['read', ''], null, 5, {}, [[]], 'a"b']) {
    const protect = () => protector.requireOAuth(need as string, () => new Response())
    assert.throws(protect, { name: 'TypeError', message: /^requireOAuth: needs scope names/ }, JSON.stringify(need))
  }
})

test('BEAT-01: what no server can be made from is refused by name', () => {
  const { options } = oauth1Host()
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ secrets: undefined }, /^secrets/],
    [{ secrets: 'x'.repeat(40) }, /^secrets/],
    [{ secrets: [5] }, /^secrets/],
    [{ clients: undefined }, /^clients/],
    [{ clients: null }, /^clients/],
    [{ clients: () => undefined }, /^clients/],
    [{ generateToken: 'x' }, /^generateToken/],
    [{ users: {} }, /^users/],
    [{ scopes: 'a b' }, /^scopes/],
    [{ shortTerm: { claimNonce: () => 'first' } }, /^shortTerm/],
    [{ shortTerm: null }, /^shortTerm/],
  ]
  for (const [more, message] of wrong) {
    const build = () => new OAuth1Server({ ...options, ...more } as unknown as OAuth1ServerOptions)
    assert.throws(build, (error) => error instanceof TypeError && message.test(error.message), JSON.stringify(more))
  }
})
