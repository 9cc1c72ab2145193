import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { redirectUri, startEverything } from '../../servers/shipped/everything.ts'
import { codeFlow, keyPair, openidClient, openidFlow, webClient } from '../../servers/shipped/libraries.ts'

const key = await keyPair('own')
const scene = await startEverything(() => ({}))
const { documents } = scene

const client_id = documents.put('client.json', {
  client_id: `${documents.origin}/client.json`,
  client_name: 'An app',
  redirect_uris: [redirectUri],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks_uri: documents.put('keys', { keys: [key.jwk] }),
})

test('Client ID metadata documents §3: both libraries are, at cardea serve, what the document at their client_id says', async () => {
  const one = await webClient(scene, { client_id }, oauth.PrivateKeyJwt(key.privateKey))
  assert.equal((await codeFlow(scene, one)).scope, 'read')
  const config = await openidClient(scene, client_id, client.PrivateKeyJwt(key.privateKey))
  const tokens = await openidFlow(scene, config)
  assert.equal((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).scope, 'read')
})

test('Client ID metadata documents §3: a document about somebody else is no client of cardea serve', async () => {
  const other = documents.put('other.json', { client_id, client_name: 'Another app', redirect_uris: [redirectUri] })
  const one = await webClient(scene, { client_id: other }, oauth.None())
  await assert.rejects(codeFlow(scene, one), /it ends on a page/)
})
