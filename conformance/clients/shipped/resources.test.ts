import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { grants, startEverything, usual } from '../../servers/shipped/everything.ts'
import {
  authorizeUrl,
  begin,
  codeFlow,
  openidClient,
  openidFlow,
  openidRequest,
  redeem,
  refused,
  toldOf,
  webClient,
} from '../../servers/shipped/libraries.ts'

const secret = 'a secret'
const scene = await startEverything(() => ({
  clients: [{ ...usual, client_id: 'app', client_secret: secret, grant_types: [...usual.grant_types, grants.machine] }],
}))
const { api, person } = scene
const unknown = 'https://other.example'
const web = () => webClient(scene, { client_id: 'app' }, oauth.ClientSecretBasic(secret))
const openid = () => openidClient(scene, 'app', client.ClientSecretBasic(secret))

test('RFC 8707 §2: oauth4webapi: what the request names binds code and refresh token at cardea serve; nothing named is for nobody in particular', async () => {
  const one = await web()
  const begun = await begin('app')
  for (const resource of [api.notes, api.reports]) begun.params.append('resource', resource)
  const sentBack = await person.sentTo(authorizeUrl(one, begun.params))
  const answered = oauth.validateAuthResponse(one.as, one.app, sentBack, begun.state)
  const first = await redeem(one, answered, begun, { additionalParameters: { resource: api.notes } })
  assert.equal((await toldOf(one, first.access_token)).aud, api.notes)
  const refresh = async (token: string, resource?: string) => {
    const more = resource === undefined ? {} : { additionalParameters: { resource } }
    const answer = await oauth.refreshTokenGrantRequest(one.as, one.app, one.auth, token, { ...one.options, ...more })
    return oauth.processRefreshTokenResponse(one.as, one.app, answer)
  }
  const second = await refresh(first.refresh_token ?? '', api.reports)
  const request = new Request(api.reports, { headers: { authorization: `Bearer ${second.access_token}` } })
  await oauth.validateJwtAccessToken(one.as, request, api.reports, one.options)
  await refused(refresh(second.refresh_token ?? '', unknown), 'invalid_target')
  const plain = await codeFlow(scene, one)
  assert.equal((await toldOf(one, plain.access_token)).aud, undefined)
  const bound = await codeFlow(scene, one, { resource: api.notes })
  const renewed = await refresh(bound.refresh_token ?? '')
  assert.equal((await toldOf(one, renewed.access_token)).aud, api.notes)
})

test('RFC 8707 §2: openid-client gets tokens for a resource through code and refresh at cardea serve, and none for an unknown one', async () => {
  const config = await openid()
  const tokens = await openidFlow(scene, config, { resource: api.reports })
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
  for (const { access_token } of [tokens, renewed]) {
    const answer = await client.fetchProtectedResource(config, access_token, new URL(api.reports), 'GET')
    assert.equal(answer.status, 200)
  }
  await refused(openidFlow(scene, config, { resource: unknown }), 'invalid_target')
  await refused(client.clientCredentialsGrant(config, { resource: unknown }), 'invalid_target')
})

const details = [{ type: 'payment', amount: '12.50', to: 'Merchant A' }]
const authorization_details = JSON.stringify(details)

test('RFC 9396 §7: oauth4webapi gets a token of cardea serve for details that somebody has seen, or for less', async () => {
  const one = await web()
  const begun = await begin('app', { authorization_details, prompt: 'consent' })
  const url = authorizeUrl(one, begun.params)
  const page = await person.browser.follow(await person.browser.get(url))
  assert.equal(page.headers.has('location'), false)
  assert.match(await page.text(), /A payment from your account[\s\S]*12\.50[\s\S]*Merchant A/)
  const sentBack = await person.sentTo(url)
  const answered = oauth.validateAuthResponse(one.as, one.app, sentBack, begun.state)
  const less = [{ type: 'payment', amount: '10.00', to: 'Merchant A' }]
  const additionalParameters = { authorization_details: JSON.stringify(less) }
  const tokens = await redeem(one, answered, begun, { additionalParameters })
  assert.deepEqual(tokens.authorization_details, less)
  assert.deepEqual((await toldOf(one, tokens.access_token)).authorization_details, less)
})

test('RFC 9396 §5: openid-client pushes details to cardea serve; details that nobody has described are refused', async () => {
  const config = await openid()
  const { asked, checks } = await openidRequest({ authorization_details })
  const sentBack = await person.sentTo(await client.buildAuthorizationUrlWithPAR(config, asked))
  const tokens = await client.authorizationCodeGrant(config, sentBack, checks)
  assert.deepEqual(tokens.authorization_details, details)
  const other = { ...asked, authorization_details: '[{"type":"loan"}]' }
  await refused(client.buildAuthorizationUrlWithPAR(config, other), 'invalid_authorization_details')
})
