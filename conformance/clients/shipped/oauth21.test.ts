import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { startOnly, usual } from '../../servers/shipped/everything.ts'
import { codeFlow, openidClient, openidFlow, refused, webClient } from '../../servers/shipped/libraries.ts'

const app = { client_id: 'app', token_endpoint_auth_method: 'none' }
const scene = await startOnly(() => ({
  preset: 'oauth21',
  lifetimes: { refreshReuseWindow: 0 },
  clients: [{ ...usual, ...app }],
}))

test('OAuth 2.1 §4.1, §4.3.1: oauth4webapi gets tokens of cardea serve and replaces its refresh token, which is good for one use', async () => {
  const one = await webClient(scene, app, oauth.None())
  assert.deepEqual(one.as.response_types_supported, ['code'])
  assert.deepEqual(one.as.code_challenge_methods_supported, ['S256'])
  const first = await codeFlow(scene, one)
  const refresh = async (token = '') => {
    const answer = await oauth.refreshTokenGrantRequest(one.as, one.app, one.auth, token, one.options)
    return oauth.processRefreshTokenResponse(one.as, one.app, answer)
  }
  const second = await refresh(first.refresh_token)
  assert.notEqual(second.refresh_token, first.refresh_token)
  await refused(refresh(first.refresh_token), 'invalid_grant')
  await refused(refresh(second.refresh_token), 'invalid_grant')
})

test('OAuth 2.1 §4.1.1: openid-client gets tokens of cardea serve, and none for a request without PKCE', async () => {
  const config = await openidClient(scene, 'app', client.None())
  assert.equal((await openidFlow(scene, config)).scope, 'read')
  for (const method of ['plain', ''])
    await refused(openidFlow(scene, config, { code_challenge_method: method }), 'invalid_request')
})
