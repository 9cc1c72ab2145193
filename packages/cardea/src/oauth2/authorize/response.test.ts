import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  alice,
  allow,
  decline,
  type Query,
  remembered,
  requestPath,
  responseOf,
  visitConsent,
  webApp,
} from '../../testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts'
import { formsOf } from '../../testing/user-agent.ts'

const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [webApp], users: [alice], ...options })

/** The fields of the page that posts a response to the client, and where it posts them. */
async function posted(answer: Response): Promise<{ action: string; fields: Record<string, string> }> {
  assert.equal(answer.status, 200)
  const [form] = formsOf(await answer.text())
  assert.ok(form)
  return { action: form.action, fields: Object.fromEntries(form.fields) }
}

test('RFC 6749 §4.1.2: allowing sends code and state in the query, and nothing else but the issuer', async () => {
  const server = await start()
  const answer = await allow(await visitConsent(server, alice))
  const { code = '', ...rest } = responseOf(answer)
  assert.deepEqual(rest, { state: 'st-1', iss: 'https://auth.example' })
  assert.match(code, /^cac_[\w-]{49}$/)
  assert.match(answer.headers.get('location') ?? '', /^https:\/\/client\.example\/cb\?code=[^#]*$/)
})

test('RFC 6749 §4.1.2: no state is returned where none was sent', async () => {
  const server = await start()
  const answer = await allow(await visitConsent(server, alice, { state: undefined }))
  assert.deepEqual(Object.keys(responseOf(answer)), ['code', 'iss'])
})

test('RFC 6749 §4.1.2.1: declining sends access_denied with the state', async () => {
  const server = await start()
  const { error_description: said, ...rest } = responseOf(await decline(await visitConsent(server, alice)))
  assert.deepEqual(rest, { error: 'access_denied', state: 'st-1', iss: 'https://auth.example' })
  assert.equal(said, 'The user denied access to your application')
})

test('RFC 9700 §4.1.3: an error redirect has a fragment of its own, so that an older one is not re-attached', async () => {
  const server = await start()
  const answer = await decline(await visitConsent(server, alice))
  assert.match(answer.headers.get('location') ?? '', /#_$/)
})

test('RFC 6749 §3.1.2: a query of the redirect URI is kept, with one question mark', async () => {
  const uris = [
    'https://a.example/cb?tenant=1',
    'https://a.example/cb?',
    'https://a.example',
    'https://a.example/?a=1&',
  ]
  const server = await start({
    clients: uris.map((uri, at) => ({ ...webApp, client_id: `c${at}`, redirect_uris: [uri] })),
  })
  for (const [at, uri] of uris.entries()) {
    const answer = await server.agent().get(requestPath({ client_id: `c${at}`, prompt: 'none' }))
    const location = answer.headers.get('location') ?? ''
    assert.ok(location.startsWith(uri), location)
    assert.equal(location.split('?').length, 2)
    assert.equal(new URL(location).searchParams.get('error'), 'login_required')
    assert.equal(new URL(location).searchParams.get('tenant'), uri.includes('tenant') ? '1' : null)
  }
})

test('OAuth Form Post §2: response_mode=form_post posts code, state and issuer from a page', async () => {
  const server = await start()
  const page = await decline(await visitConsent(server, alice, { response_mode: 'form_post' }))
  assert.deepEqual((await posted(page)).fields, {
    error: 'access_denied',
    error_description: 'The user denied access to your application',
    state: 'st-1',
    iss: 'https://auth.example',
  })
  const answer = await allow(await visitConsent(server, alice, { response_mode: 'form_post' }))
  const { action, fields } = await posted(answer)
  assert.equal(action, 'https://client.example/cb')
  assert.deepEqual(Object.keys(fields), ['code', 'state', 'iss'])
  assert.deepEqual([fields.state, fields.iss], ['st-1', 'https://auth.example'])
})

test('OAuth Form Post §2: the script that sends the form is served on this origin', async () => {
  const server = await start()
  const page = await server.agent().get(requestPath({ response_mode: 'form_post', prompt: 'none' }))
  const source = /<script src="([^"]+)" defer><\/script>/.exec(await page.text())?.[1] ?? ''
  const script = await server.agent().get(source)
  assert.equal(script.status, 200)
  assert.match(script.headers.get('content-type') ?? '', /^text\/javascript/)
})

test('RFC 9207 §2: response_mode=fragment carries code, state, issuer and errors in the fragment', async () => {
  const server = await start()
  const answer = await allow(await visitConsent(server, alice, { response_mode: 'fragment' }))
  assert.match(answer.headers.get('location') ?? '', /^https:\/\/client\.example\/cb#code=[^?]*&state=st-1&iss=[^?]*$/)
  const refused = await server.agent().get(requestPath({ response_mode: 'fragment', scope: 'nonsense' }))
  assert.match(refused.headers.get('location') ?? '', /^https:\/\/client\.example\/cb#error=invalid_scope&[^?]*iss=/)
})

test('OAuth Multiple Response Types §2.1: a mode that is unknown or off is refused in the default mode', async () => {
  const server = await start({ responseModes: ['form_post'] })
  for (const response_mode of [undefined, 'query', 'fragment', 'jwt', 'toString']) {
    const answer = await server.agent().get(requestPath({ response_mode }))
    assert.equal(responseOf(answer).error, 'invalid_request', response_mode)
  }
  const { fields } = await posted(await server.agent().get(requestPath({ response_mode: 'form_post', prompt: 'none' })))
  assert.equal(fields.error, 'login_required')
})

test('T-AUZ-8: a client that is limited to some response modes gets no other', async () => {
  const server = await start({ clients: [{ ...webApp, response_modes: ['form_post'] }] })
  assert.equal(responseOf(await server.agent().get(requestPath())).error, 'unauthorized_client')
  const begun = await server.agent().get(requestPath({ response_mode: 'form_post' }))
  assert.match(begun.headers.get('location') ?? '', /^\/interaction\//)
})

test('responseModes: an unknown name is refused when the provider is made', async () => {
  await assert.rejects(start({ responseModes: ['jwt' as 'query'] }), /^TypeError: responseModes: there is no "jwt"/)
})

test('RFC 6749 §4.1.2, RFC 9207 §2: a silent answer is built like one that was asked for', async () => {
  const server = await start()
  const browser = await remembered(server, alice)
  for (const prompt of [undefined, 'none']) {
    const { code = '', ...rest } = responseOf(await browser.get(requestPath({ prompt, state: 'again' })))
    assert.deepEqual(rest, { state: 'again', iss: 'https://auth.example' })
    assert.match(code, /^cac_/)
  }
})

const unsound = ['a'.repeat(2049), 'line\nbreak', 'carriage\rreturn', 'nul\0', 'tab\t', '\u0085', '\x7f']

test('T-AUZ-9: a state that could not be returned unchanged is refused, and not returned at all', async () => {
  const server = await start()
  for (const state of unsound) {
    for (const response_mode of [undefined, 'fragment']) {
      const { error, state: returned } = responseOf(await server.agent().get(requestPath({ state, response_mode })))
      assert.deepEqual([error, returned], ['invalid_request', undefined], JSON.stringify(state.slice(0, 20)))
    }
  }
})

test('T-AUZ-9: property: any sound state comes back unchanged in query, fragment and form_post, and splits no header', async () => {
  const server = await start()
  const states = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      fc.constantFrom('"><script>alert(1)</script>', "'%0d%0aSet-Cookie: a=b", '&amp;&iss=evil', '#f', '+ %20', '$&'),
    )
    .filter((state) => !/\p{Cc}/u.test(state))
  await fc.assert(
    fc.asyncProperty(states, fc.constantFrom('query', 'fragment', 'form_post'), async (state, response_mode) => {
      const query: Query = { state, response_mode, prompt: 'none' }
      const answer = await server.agent().get(requestPath(query))
      const fields = response_mode === 'form_post' ? (await posted(answer)).fields : responseOf(answer)
      assert.deepEqual([fields.error, fields.state, fields.iss], ['login_required', state, 'https://auth.example'])
      assert.match(answer.headers.get('location') ?? '', /^[!-~]*$/)
      assert.equal(answer.headers.get('set-cookie'), null)
    }),
    { numRuns: 150 },
  )
})
