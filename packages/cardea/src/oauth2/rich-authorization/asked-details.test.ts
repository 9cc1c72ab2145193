import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, buy, payment, detailsText as text } from '../../../test-support/detail-types.ts'
import { ada, asked, redeem, shop } from '../../../test-support/pushing.ts'
import { authorize } from '../../testing/code-flow.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

const start = (): Promise<TestServer> =>
  startTestServer({ clients: [shop], users: [ada], authorizationDetails: { payment, account } })

interface Tokens {
  readonly scope: string
  readonly authorization_details: unknown
}

async function consentText(server: TestServer, details: readonly object[], more: Record<string, string> = {}) {
  const path = `/authorize?${new URLSearchParams({ ...asked, ...more, authorization_details: text(...details) })}`
  const browser = await server.signedIn(ada, path)
  return { browser, path, page: await (await browser.follow(await browser.get(path))).text() }
}

test('RFC 9396 §11.1, T-AUZ-17: people see what they would allow, escaped, and are asked every time', async () => {
  const server = await start()
  const hostile = { ...buy, to: '<script>alert(1)</script>"\'&' }
  const { browser, path, page } = await consentText(server, [hostile])
  assert.match(page, /Pay 30 EUR/)
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/)
  assert.doesNotMatch(page, /<script>/)
  await authorize(server, ada, { ...asked, authorization_details: text(hostile) }, { browser })
  const again = await browser.follow(await browser.get(path))
  assert.equal(again.status, 200)
  assert.match(await again.text(), /Pay 30 EUR/)
})

test('RFC 9396 §11.1: what turns the order of letters around is not shown', async () => {
  const { page } = await consentText(await start(), [{ ...buy, to: 'Merchant \u202E\u2067A\u2069' }])
  assert.match(page, /Merchant A</)
})

test('RFC 9396 §11.1: prompt=none is never enough for details', async () => {
  const server = await start()
  const { browser } = await consentText(server, [buy])
  await authorize(server, ada, asked, { browser })
  const path = `/authorize?${new URLSearchParams({ ...asked, prompt: 'none', authorization_details: text(buy) })}`
  assert.match((await browser.get(path)).headers.get('location') ?? '', /error=consent_required/)
})

test('RFC 9396 §11.1: details can be allowed without any of the scope', async () => {
  const server = await start()
  const { browser, page } = await consentText(server, [buy])
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? ''
  const answer = await browser.post(action, { csrf, decision: 'allow' })
  const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const tokens = (await (await redeem(server, code)).json()) as Tokens
  assert.deepEqual([tokens.scope, tokens.authorization_details], [undefined, [buy]])
})

test('RFC 9396 §11.1: what the client may not ask for any more is not allowed while a person decides', async () => {
  const server = await start()
  const { browser, page } = await consentText(server, [buy])
  const client = await server.store.clients.find('shop')
  if (client === undefined) throw new Error('no client')
  await server.store.clients.save({ ...client, authorization_details_types: [] })
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? ''
  const answer = await browser.post(action, { csrf, decision: 'allow', scope: 'read' })
  assert.deepEqual([answer.status, answer.headers.has('location')], [400, false])
})
