import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  manage,
  post,
  refusal,
  registered,
  startRegistering,
  updateOf,
  webMetadata,
} from '../../../test-support/registering.ts'
import { alice, allow, visitConsent } from '../../testing/authorization-visit.ts'

const app = { application_type: 'native', token_endpoint_auth_method: 'none', client_name: 'An editor' }
const redirect_uri = 'editor://vendor.plugin/callback'
const allowing = { policies: { default: { redirectSchemes: ['editor', 'other'] } } }

test('RFC 8252 §8.4: a private-use scheme without a dot is refused unless the operator has allowed it by name', async () => {
  const server = await startRegistering(allowing)
  const client = await registered(server, { ...app, redirect_uris: [redirect_uri, 'https://editor.example/cb'] })
  const stored = await server.store.clients.find(client.client_id)
  assert.deepEqual([stored?.redirect_schemes, client.redirect_schemes], [['editor'], undefined])
  for (const uri of ['editors://x', 'edit:/cb', 'javascript:alert(1)', 'editor:/cb#x', 'data:text/html,x'])
    assert.equal((await refusal(await post(server, { ...app, redirect_uris: [uri] })))[1], 'invalid_redirect_uri', uri)
  const web = await post(server, { ...webMetadata, redirect_uris: [redirect_uri] })
  assert.equal((await refusal(web))[1], 'invalid_redirect_uri')
  const elsewhere = await startRegistering()
  const asked = { ...app, redirect_uris: [redirect_uri], redirect_schemes: ['editor'] }
  assert.equal((await refusal(await post(elsewhere, asked)))[1], 'invalid_redirect_uri')
})

test('RFC 8252 §7.1: an app with such a scheme gets its code, and the page says where people are sent', async () => {
  const server = await startRegistering(allowing)
  const { client_id } = await registered(server, { ...app, redirect_uris: [redirect_uri] })
  const at = await visitConsent(server, alice, { client_id, redirect_uri })
  assert.match(at.text, /<strong>(?:<bdi>)?editor\b|<code>(?:<bdi>)?editor\b/)
  const answer = await allow(at)
  assert.match(answer.headers.get('location') ?? '', /^editor:\/\/vendor\.plugin\/callback\?code=/)
})

test('RFC 8252 §8.4: what is no longer allowed cannot be kept by an update', async () => {
  const server = await startRegistering(allowing)
  const client = await registered(server, { ...app, redirect_uris: [redirect_uri] })
  const { store } = server
  assert.equal((await manage(server, 'PUT', client, updateOf(client, { client_name: 'Editor' }))).status, 200)
  assert.deepEqual((await store.clients.find(client.client_id))?.redirect_schemes, ['editor'])
  const later = await startRegistering({}, { store })
  const answer = await manage(later, 'PUT', client, updateOf(client))
  assert.equal((await refusal(answer))[1], 'invalid_redirect_uri')
})

test('Options: a scheme that leads to code, files or other programs is refused by name when the provider is made', async () => {
  for (const scheme of [
    'javascript',
    'data',
    'file',
    'http',
    'https',
    'vbscript',
    'Editor',
    'editor:',
    'a.b',
    '',
    '*',
  ]) {
    const redirectSchemes = [scheme]
    await assert.rejects(
      startRegistering({ policies: { default: { redirectSchemes } } }),
      /default\.redirectSchemes: must be/,
    )
    await assert.rejects(
      startRegistering({}, { clientDocuments: { policy: { redirectSchemes } } }),
      /^TypeError: clientDocuments\.policy\.redirectSchemes: must be/,
    )
  }
})
