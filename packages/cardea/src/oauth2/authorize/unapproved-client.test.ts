import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, consentHost, app as hostApp, page, refusal } from '../../../test-support/consent-host.ts'
import { manage, type Registered, registered, startRegistering, updateOf } from '../../../test-support/registering.ts'
import {
  alice,
  allow,
  bob,
  decline,
  requestPath,
  responseOf,
  visit,
  visitConsent,
} from '../../testing/authorization-visit.ts'
import type { TestServer } from '../../testing/test-server.ts'

const app = { redirect_uris: ['https://app.example/cb'], client_name: 'An <app>' }

const wrong = (client: Registered, more = {}) => ({ client_id: client.client_id, scope: 'unknown', ...more })

async function shown(answer: Response): Promise<string> {
  assert.equal(answer.status, 400)
  assert.equal(answer.headers.get('location'), null)
  return answer.text()
}

test('RFC 9700 §4.11.2: an error to a client that registered itself is shown, with the place it would lead to', async () => {
  const server = await startRegistering()
  const client = await registered(server, app)
  const text = await shown(await server.agent().get(requestPath(wrong(client))))
  assert.match(text, /invalid_scope/)
  assert.match(text, /An &lt;app&gt;/)
  assert.match(text, /<a href="https:\/\/app\.example\/cb\?error=invalid_scope[^"]*state=st-1[^"]*" rel="noreferrer">/)
  assert.match(text, /<strong><bdi>app\.example<\/bdi><\/strong>/)
  assert.doesNotMatch(text, /<script|http-equiv/)
  const event = server.events.find(({ type }) => type === 'request_refused')
  assert.equal(event?.type === 'request_refused' && event.clientId, client.client_id)
})

test('RFC 9700 §4.11.2: prompt=none is no way round, and no answer says whether somebody is signed in', async () => {
  const server = await startRegistering()
  const client = await registered(server, app)
  const query = { client_id: client.client_id, prompt: 'none' }
  assert.match(await shown(await server.agent().get(requestPath(query))), /login_required/)
  const other = await registered(server, app)
  const { browser } = await visitConsent(server, alice, { client_id: other.client_id })
  assert.match(await shown(await browser.get(requestPath(query))), /consent_required/)
})

test('RFC 9700 §4.11.2: form_post and fragment are no way round either', async () => {
  const server = await startRegistering()
  const client = await registered(server, app)
  const fragment = await shown(await server.agent().get(requestPath(wrong(client, { response_mode: 'fragment' }))))
  assert.match(fragment, /href="https:\/\/app\.example\/cb#error=/)
  const posted = await shown(await server.agent().get(requestPath(wrong(client, { response_mode: 'form_post' }))))
  assert.doesNotMatch(posted, /<form|<script|https:\/\/app/)
})

test('RFC 6749 §4.1.2.1, RFC 9700 §4.11.2: who has allowed the client before, or decides now, is redirected', async () => {
  const server = await startRegistering()
  const client = await registered(server, app)
  const { client_id } = client
  const declined = await decline(await visitConsent(server, alice, { client_id }))
  assert.equal(responseOf(declined).error, 'access_denied')
  const before = await visit(server, { client_id })
  const cancelled = await before.browser.post(before.path, { csrf: before.csrf, action: 'cancel' })
  assert.equal(responseOf(cancelled).error, 'access_denied')
  const at = await visitConsent(server, alice, { client_id })
  assert.match(responseOf(await allow(at)).code ?? '', /^cac_/)
  assert.equal(responseOf(await at.browser.get(requestPath(wrong(client)))).error, 'invalid_scope')
  const { browser } = await visitConsent(server, bob, { client_id })
  await shown(await browser.get(requestPath(wrong(client))))
})

test('RFC 9700 §4.11.2: errors to clients that the operator made or approved are redirected at once', async () => {
  const policies = { default: { approved: true } }
  const server = await startRegistering({ policies }, { clients: [{ client_id: 'shop', secret: 's' }] })
  assert.equal(
    responseOf(await server.agent().get(requestPath({ client_id: 'shop', scope: 'unknown' }))).error,
    'invalid_scope',
  )
  const client = await registered(server, app)
  assert.equal(responseOf(await server.agent().get(requestPath(wrong(client)))).error, 'invalid_scope')
})

async function allowedBy(server: TestServer, client: Registered) {
  const at = await visitConsent(server, alice, { client_id: client.client_id })
  await allow(at)
  return at.browser
}

const isSilent = (answer: Response): boolean =>
  (answer.headers.get('location') ?? '').startsWith('https://app.example/cb')

test('T-AUZ-16, RFC 8252 §8.6: a public client that registered itself never gets a silent answer, a confidential one does', async () => {
  const server = await startRegistering()
  const silent = []
  for (const token_endpoint_auth_method of ['none', 'client_secret_basic']) {
    const client = await registered(server, { ...app, token_endpoint_auth_method })
    const browser = await allowedBy(server, client)
    const again = await browser.get(requestPath({ client_id: client.client_id, scope: 'read' }))
    silent.push(isSilent(again))
    const none = await browser.get(requestPath({ client_id: client.client_id, scope: 'read', prompt: 'none' }))
    assert.equal(responseOf(none).error, token_endpoint_auth_method === 'none' ? 'consent_required' : undefined)
  }
  assert.deepEqual(silent, [false, true])
})

test('T-AUZ-16: consent to a client that registered itself ends when it sends people elsewhere', async () => {
  const server = await startRegistering()
  const client = await registered(server, app)
  const browser = await allowedBy(server, client)
  const query = { client_id: client.client_id, scope: 'read', redirect_uri: 'https://app.example/cb' }
  await manage(server, 'PUT', client, updateOf(client, { tos_uri: 'https://app.example/tos' }))
  assert.equal(isSilent(await browser.get(requestPath(query))), true)
  const redirect_uris = ['https://app.example/cb', 'https://evil.example/cb']
  await manage(server, 'PUT', client, updateOf(client, { redirect_uris }))
  assert.equal(isSilent(await browser.get(requestPath(query))), false)
  await shown(await browser.get(requestPath(wrong(client, { redirect_uri: 'https://app.example/cb' }))))
  server.clock.advance(1)
  await allow(await visit(server, query, browser))
  assert.equal(isSilent(await browser.get(requestPath(query))), true)
})

test('RFC 9700 §4.11.2: where the pages are the host’s, the answer to such an error is the page as well', async () => {
  const { server } = await consentHost({}, [{ ...hostApp, unapproved: true }])
  const request = page({ scope: 'unknown' })
  const error = await refusal(server.getConsentGrant(request, { endUser: ada }))
  assert.match(
    await shown(await server.handleErrorResponse(request, error)),
    /href="https:\/\/client\.example\/cb\?error/,
  )
})

test('RFC 7591 §5: the consent page says what nobody has checked, and where links of the client lead', async () => {
  const server = await startRegistering()
  const client = await registered(server, {
    ...app,
    client_uri: 'https://bank.example/',
    tos_uri: 'https://app.example/tos',
  })
  const { text } = await visitConsent(server, alice, { client_id: client.client_id })
  for (const host of ['bank.example', 'app.example']) assert.ok(text.includes(`(<bdi>${host}</bdi>)`), host)
  assert.match(text, /This name and these links are the application’s own choice: nobody here has checked them</)
  const nameless = await registered(server, app)
  assert.match(
    (await visitConsent(server, alice, { client_id: nameless.client_id })).text,
    /This name is the application’s own/,
  )
  const { unapproved: _, ...approved } = (await server.store.clients.find(client.client_id)) ?? assert.fail()
  await server.store.clients.save(approved)
  const known = await visitConsent(server, alice, { client_id: client.client_id })
  assert.match(known.text, /https:\/\/bank\.example\//)
  assert.doesNotMatch(known.text, /nobody here has checked|<bdi>bank/)
})
