import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { encryptedTo } from '../../../packages/cardea/test-support/encrypted-to.ts'
import { startEverything, usual } from '../../servers/shipped/everything.ts'
import {
  authorizeUrl,
  begin,
  keyPair,
  openidClient,
  openidRequest,
  redeem,
  refused,
  type Web,
  webClient,
} from '../../servers/shipped/libraries.ts'
import { tlsFetch } from '../../servers/tls-fetch.ts'

const key = await keyPair('own')
const scene = await startEverything(({ documents }) => {
  const keyed = { ...usual, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } }
  const request_uris = [`${documents.origin}/request`, `${documents.origin}/request-of-openid-client`]
  return {
    clients: [
      { ...keyed, client_id: 'free', request_uris },
      { ...keyed, client_id: 'pushes', require_pushed_authorization_requests: true },
      { ...keyed, client_id: 'signs', require_signed_request_object: true, request_object_signing_alg: 'ES256' },
    ],
  }
})
const { documents, person } = scene
const web = (client_id: string) => webClient(scene, { client_id }, oauth.PrivateKeyJwt(key.privateKey))
const openid = (id: string) => openidClient(scene, id, client.PrivateKeyJwt(key.privateKey))

async function encryptionKey(): Promise<{ kty: string }> {
  const { keys } = (await (await tlsFetch()(`${scene.issuer}/jwks`)).json()) as { keys: { kty: string; use: string }[] }
  return keys.find(({ use }) => use === 'enc') ?? assert.fail('no key to encrypt to')
}

async function pushed({ app, as, auth, options }: Web, params: URLSearchParams): Promise<URLSearchParams> {
  const answer = await oauth.pushedAuthorizationRequest(as, app, auth, params, options)
  const { request_uri } = await oauth.processPushedAuthorizationResponse(as, app, answer)
  return new URLSearchParams({ client_id: app.client_id, request_uri })
}

/** By the name of the way: what is sent through the browser, of a request that oauth4webapi has signed or not. */
const ways: Readonly<Record<string, (app: Web, params: URLSearchParams) => Promise<URLSearchParams>>> = {
  'RFC 9126: pushed': pushed,
  'RFC 9101 §5.1: signed': async ({ app, as }, params) => {
    const request = await oauth.issueRequestObject(as, app, params, key.privateKey)
    return new URLSearchParams({ client_id: app.client_id, request })
  },
  'RFC 9101 §5.2: signed, by reference': async ({ app, as }, params) => {
    const object = await oauth.issueRequestObject(as, app, params, key.privateKey)
    const request_uri = documents.put('request', object, 'application/oauth-authz-req+jwt')
    return new URLSearchParams({ client_id: app.client_id, request_uri })
  },
  'RFC 9101 §6.1: signed and encrypted': async ({ app, as }, params) => {
    const object = await oauth.issueRequestObject(as, app, params, key.privateKey)
    return new URLSearchParams({ client_id: app.client_id, request: await encryptedTo(await encryptionKey(), object) })
  },
  'RFC 9126 §3: signed and pushed': async (one, params) => {
    const request = await oauth.issueRequestObject(one.as, one.app, params, key.privateKey)
    return pushed(one, new URLSearchParams({ client_id: one.app.client_id, request }))
  },
}

for (const [way, send] of Object.entries(ways)) {
  test(`${way}: a request of oauth4webapi is taken by cardea serve, and what the browser says besides counts for nothing`, async () => {
    const one = await web('free')
    const begun = await begin('free')
    const sent = await send(one, begun.params)
    sent.set('scope', 'write')
    const sentBack = await person.sentTo(authorizeUrl(one, sent))
    const tokens = await redeem(one, oauth.validateAuthResponse(one.as, one.app, sentBack, begun.state), begun)
    assert.equal(tokens.scope, 'read')
  })
}

const openidWays: Readonly<
  Record<string, (config: client.Configuration, asked: Record<string, string>) => Promise<URL>>
> = {
  'RFC 9126: pushed': client.buildAuthorizationUrlWithPAR,
  'RFC 9101 §5.1: signed': (config, asked) => client.buildAuthorizationUrlWithJAR(config, asked, key.privateKey),
  'RFC 9101 §5.2: signed, by reference': async (config, asked) => {
    const url = await client.buildAuthorizationUrlWithJAR(config, asked, key.privateKey)
    const object = url.searchParams.get('request') ?? ''
    const request_uri = documents.put('request-of-openid-client', object, 'application/oauth-authz-req+jwt')
    return client.buildAuthorizationUrl(config, { request_uri })
  },
  'RFC 9101 §6.1: signed and encrypted': async (config, asked) => {
    const url = await client.buildAuthorizationUrlWithJAR(config, asked, key.privateKey)
    url.searchParams.set('request', await encryptedTo(await encryptionKey(), url.searchParams.get('request') ?? ''))
    return url
  },
  'RFC 9126 §3: signed and pushed': async (config, asked) => {
    const url = await client.buildAuthorizationUrlWithJAR(config, asked, key.privateKey)
    return client.buildAuthorizationUrlWithPAR(config, url.searchParams)
  },
}

for (const [way, build] of Object.entries(openidWays)) {
  test(`${way}: a request of openid-client is taken by cardea serve`, async () => {
    const config = await openid('free')
    const { asked, checks } = await openidRequest()
    const sentBack = await person.sentTo(await build(config, asked))
    assert.equal((await client.authorizationCodeGrant(config, sentBack, checks)).scope, 'read')
  })
}

test('RFC 9126 §6, RFC 9101 §10.5: unpushed and unsigned requests of clients that must are refused to both libraries', async () => {
  for (const id of ['pushes', 'signs']) {
    const [one, config] = [await web(id), await openid(id)]
    const { params, state } = await begin(id)
    const sentBack = await person.sentTo(authorizeUrl(one, params))
    assert.throws(() => oauth.validateAuthResponse(one.as, one.app, sentBack, state), { error: 'invalid_request' })
    const { asked, checks } = await openidRequest()
    const answered = await person.sentTo(client.buildAuthorizationUrl(config, asked))
    await refused(client.authorizationCodeGrant(config, answered, checks), 'invalid_request')
    const taken = await (id === 'pushes' ? openidWays['RFC 9126: pushed'] : openidWays['RFC 9101 §5.1: signed'])?.(
      config,
      asked,
    )
    const allowed = await person.sentTo(taken ?? '')
    assert.equal((await client.authorizationCodeGrant(config, allowed, checks)).scope, 'read')
  }
})

test('RFC 9126 §2.3, RFC 9101 §6.3: a push that is wrong, and an object that was changed, are refused', async () => {
  const one = await web('free')
  await refused(pushed(one, (await begin('free', { scope: 'unknown' })).params), 'invalid_scope')
  const [header, , signature] = (
    await oauth.issueRequestObject(one.as, one.app, (await begin('free')).params, key.privateKey)
  ).split('.')
  const [, other] = (
    await oauth.issueRequestObject(one.as, one.app, (await begin('free')).params, key.privateKey)
  ).split('.')
  const changed = new URLSearchParams({ client_id: 'free', request: [header, other, signature].join('.') })
  await refused(pushed(one, changed), 'invalid_request_object')
})
