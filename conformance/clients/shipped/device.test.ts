import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { grants, startEverything } from '../../servers/shipped/everything.ts'
import { openidClient, refused, webClient } from '../../servers/shipped/libraries.ts'
import { ada, newPerson } from '../../servers/shipped/person.ts'

const tv = { client_id: 'television', token_endpoint_auth_method: 'none', grant_types: [grants.device, grants.refresh] }
const scene = await startEverything(() => ({ clients: [tv] }))

/** Ada types in what the device shows, signs in, and decides: each page is sent as a plain form. */
async function decide(verificationUri: string, user_code: string, decision: 'allow' | 'deny'): Promise<string> {
  const { browser } = newPerson(scene.issuer)
  const entry = await browser.get(verificationUri)
  const signIn = await browser.follow(await browser.submit(entry, { user_code, action: 'continue' }))
  const consent = await browser.follow(await browser.submit(signIn, { ...ada, action: 'sign_in' }))
  const answer = await browser.submit(consent, { decision })
  assert.equal(answer.status, 200)
  return (await consent.text()).replace(/<[^>]*>/g, ' ')
}

test('RFC 8628: oauth4webapi asks cardea serve for codes, is told to wait and to slow down, and gets tokens once', async () => {
  const { app, as, auth, options } = await webClient(scene, tv, oauth.None())
  const asked = await oauth.deviceAuthorizationRequest(as, app, auth, { scope: 'read' }, options)
  const device = await oauth.processDeviceAuthorizationResponse(as, app, asked)
  const poll = async () =>
    oauth.processDeviceCodeResponse(
      as,
      app,
      await oauth.deviceCodeGrantRequest(as, app, auth, device.device_code, options),
    )
  await refused(poll(), 'authorization_pending')
  await refused(poll(), 'slow_down')
  const seen = await decide(device.verification_uri, device.user_code, 'allow')
  assert.match(seen, /television/)
  assert.match(seen, /Read/)
  const tokens = await poll()
  assert.equal(tokens.scope, 'read')
  const renewed = await oauth.refreshTokenGrantRequest(as, app, auth, tokens.refresh_token ?? '', options)
  assert.equal((await oauth.processRefreshTokenResponse(as, app, renewed)).scope, 'read')
  await refused(poll(), 'invalid_grant')
})

test('RFC 8628: openid-client polls cardea serve until somebody allows it, and reads a denial', async () => {
  const config = await openidClient(scene, tv.client_id, client.None())
  for (const decision of ['allow', 'deny'] as const) {
    const device = await client.initiateDeviceAuthorization(config, { scope: 'read' })
    await decide(device.verification_uri_complete ?? '', device.user_code, decision)
    const polled = client.pollDeviceAuthorizationGrant(config, device)
    if (decision === 'deny') await refused(polled, 'access_denied')
    else assert.equal((await polled).scope, 'read')
  }
})
