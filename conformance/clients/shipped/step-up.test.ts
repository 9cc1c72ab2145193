import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { wanted } from '../../servers/shipped/api.ts'
import { startEverything, usual } from '../../servers/shipped/everything.ts'
import { codeFlow, openidClient, openidFlow, refused, webClient } from '../../servers/shipped/libraries.ts'

const app = { client_id: 'app', token_endpoint_auth_method: 'none' }
const scene = await startEverything(() => ({ clients: [{ ...usual, ...app }] }))
const { api, issuer } = scene

/** The first challenge of an answer, as either library has read it. */
async function challengeOf(asked: Promise<unknown>): Promise<oauth.WWWAuthenticateChallengeParameters> {
  const error = await asked.then(
    () => assert.fail('it was answered'),
    (thrown: unknown) => thrown,
  )
  assert.ok(
    error instanceof oauth.WWWAuthenticateChallengeError || error instanceof client.WWWAuthenticateChallengeError,
  )
  assert.equal(error.status, 401)
  return error.cause.find(({ scheme }) => scheme === 'bearer')?.parameters ?? assert.fail('no challenge for Bearer')
}

test('RFC 9728 §5: from the address of an API, oauth4webapi finds cardea serve and gets what the API takes', async () => {
  const { options } = await webClient(scene, app, oauth.None())
  for (const place of [api.notes, api.reports]) {
    const get = (token: string) =>
      oauth.protectedResourceRequest(token, 'GET', new URL(place), undefined, null, options)
    const { resource_metadata } = await challengeOf(get('made-up'))
    assert.equal(resource_metadata, place.replace(api.origin, `${api.origin}/.well-known/oauth-protected-resource`))
    const found = await oauth.resourceDiscoveryRequest(new URL(place), options)
    const described = await oauth.processResourceDiscoveryResponse(new URL(place), found)
    assert.deepEqual(described.authorization_servers, [issuer])
    const one = await webClient({ ...scene, issuer: described.authorization_servers?.[0] ?? '' }, app, oauth.None())
    const { access_token } = await codeFlow(scene, one, { resource: described.resource })
    assert.equal((await get(access_token)).status, 200)
    const other = await oauth.resourceDiscoveryRequest(new URL(place), options)
    await assert.rejects(oauth.processResourceDiscoveryResponse(new URL('https://other.example'), other), {
      code: oauth.JSON_ATTRIBUTE_COMPARISON,
    })
  }
})

for (const [name, place, before] of [
  ['max_age', api.recent, {}],
  ['acr_values', api.strong, { acr_values: 'urn:example:password' }],
] as const) {
  test(`RFC 9470 §3: oauth4webapi reads ${name} in the challenge of an API, asks cardea serve for it, and is let in`, async () => {
    const one = await webClient(scene, app, oauth.None())
    const ask = async (more: Record<string, string>) => {
      const { access_token } = await codeFlow(scene, one, more)
      const url = new URL(place)
      return oauth.protectedResourceRequest(access_token, 'GET', url, undefined, null, one.options)
    }
    const challenge = await challengeOf(ask(before))
    assert.equal(challenge.error, 'insufficient_user_authentication')
    assert.equal(challenge[name], String(name === 'max_age' ? wanted.maxAge : wanted.acr))
    assert.equal((await ask({ [name]: challenge[name] ?? '' })).status, 200)
  })

  test(`RFC 9470 §3: openid-client reads ${name} in the challenge of an API, asks cardea serve for it, and is let in`, async () => {
    const config = await openidClient(scene, 'app', client.None())
    const ask = async (more: Record<string, string>) => {
      const { access_token } = await openidFlow(scene, config, more)
      return client.fetchProtectedResource(config, access_token, new URL(place), 'GET')
    }
    const challenge = await challengeOf(ask(before))
    assert.equal(challenge.error, 'insufficient_user_authentication')
    assert.equal((await ask({ [name]: challenge[name] ?? '' })).status, 200)
  })
}

test('RFC 9470 §5: what no sign-in at cardea serve reaches is refused to both libraries', async () => {
  const none = { acr_values: 'urn:example:otp' }
  await assert.rejects(codeFlow(scene, await webClient(scene, app, oauth.None()), none), {
    error: 'unmet_authentication_requirements',
  })
  const config = await openidClient(scene, 'app', client.None())
  await refused(openidFlow(scene, config, none), 'unmet_authentication_requirements')
})
