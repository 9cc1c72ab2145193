import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { testCertificate } from '../../../packages/cardea/test-support/test-certificate.ts'
import { type ApiKey, type Places, type Scene, startOnly, usual } from '../../servers/shipped/everything.ts'
import {
  authorizeUrl,
  begin,
  keyPair,
  openidClient,
  openidRequest,
  redeem,
  refused,
  toldOf,
  webClient,
} from '../../servers/shipped/libraries.ts'
import { tlsFetch } from '../../servers/tls-fetch.ts'

const key = await keyPair('bank-app')
const certificate = testCertificate({ subject: [{ CN: 'bank-app' }] })
const about = { authorization_signed_response_alg: 'ES256', introspection_signed_response_alg: 'ES256' }
const bankApp = { ...usual, client_id: 'bank-app', token_endpoint_auth_method: 'private_key_jwt' }
const id = 'bank-app'

/** An API proves itself by a key as well, where there are no secrets. */
const apiKey: ApiKey = {
  client: {
    client_id: 'api',
    introspect_any: true,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [key.jwk] },
  },
  proveTo: (issuer) => async () => ({
    params: {
      client_id: 'api',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT({ iss: 'api', sub: 'api', aud: issuer, jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid: id })
        .setExpirationTime('1m')
        .sign(key.privateKey),
    },
  }),
}

const start = (more: object) => startOnly(configured(more), { apiKey })

const configured =
  (more: object) =>
  ({ api }: Places) => ({
    clients: [{ ...bankApp, jwks: { keys: [key.jwk] } }],
    resources: [
      { identifier: api.notes, name: 'Notes' },
      { identifier: api.reports, name: 'Reports', token_format: 'jwt' },
    ],
    ...more,
  })

interface Profile {
  readonly scene: Scene
  readonly isSigned: boolean
  readonly shown?: typeof certificate
}

/** By name: what the configuration says, besides the clients. */
const profiles: Readonly<Record<string, Profile>> = {
  'FAPI 2.0 Security Profile, by DPoP': { scene: await start({ preset: 'fapi2' }), isSigned: false },
  'FAPI 2.0 Message Signing, by DPoP': { scene: await start({ preset: 'fapi2-message-signing' }), isSigned: true },
  'FAPI 2.0 Message Signing, by certificate': {
    scene: await start({ preset: 'fapi2-message-signing', senderConstraint: 'certificate' }),
    isSigned: true,
    shown: certificate,
  },
}

for (const [name, { scene, isSigned, shown }] of Object.entries(profiles)) {
  const { api, person } = scene
  const auth = () => oauth.PrivateKeyJwt({ key: key.privateKey, kid: id })

  test(`${name}: oauth4webapi goes the whole way at cardea serve and an API; a stolen token is of no use`, async () => {
    const one = await webClient(scene, { client_id: id, ...(isSigned && about) }, auth(), shown)
    const DPoP = oauth.DPoP(one.app, await oauth.generateKeyPair('ES256'))
    const bound = shown === undefined ? { DPoP } : {}
    const options = { ...one.options, ...bound }
    const begun = await begin(id, { resource: api.reports, ...(isSigned && { response_mode: 'jwt' }) })
    const request = await oauth.issueRequestObject(one.as, one.app, begun.params, key.privateKey, {
      [oauth.modifyAssertion](header) {
        header.typ = 'oauth-authz-req+jwt'
      },
    })
    const sent = isSigned ? new URLSearchParams({ client_id: id, request }) : begun.params
    const pushed = await oauth.pushedAuthorizationRequest(one.as, one.app, one.auth, sent, options)
    const { request_uri } = await oauth.processPushedAuthorizationResponse(one.as, one.app, pushed)
    const sentBack = await person.sentTo(authorizeUrl(one, new URLSearchParams({ client_id: id, request_uri })))
    const answered = isSigned
      ? await oauth.validateJwtAuthResponse(one.as, one.app, sentBack, begun.state, one.options)
      : oauth.validateAuthResponse(one.as, one.app, sentBack, begun.state)
    const { access_token, token_type } = await redeem(one, answered, begun, bound)
    assert.equal(token_type, shown === undefined ? 'dpop' : 'bearer')
    const ask = () =>
      oauth.protectedResourceRequest(access_token, 'GET', new URL(api.reports), undefined, null, options)
    const used = await ask().catch((error) => (oauth.isDPoPNonceError(error) ? ask() : assert.fail(error)))
    assert.equal(used.status, 200)
    const stolen = { headers: { authorization: `Bearer ${access_token}` } }
    assert.equal((await tlsFetch()(api.reports, stolen)).status, 401)
    const answer = await oauth.introspectionRequest(one.as, one.app, one.auth, access_token, one.options)
    assert.equal(
      answer.headers.get('content-type'),
      isSigned ? 'application/token-introspection+jwt' : 'application/json',
    )
    assert.equal((await toldOf(one, access_token)).active, true)
  })

  test(`${name}: openid-client goes the whole way at cardea serve, and renews; what is not pushed or not bound is refused`, async () => {
    const openid = client.PrivateKeyJwt({ key: key.privateKey, kid: id })
    const config = await openidClient(scene, id, openid, isSigned ? about : {}, shown)
    const wantsSignedAnswers = isSigned ? client.useJwtResponseMode : () => undefined
    wantsSignedAnswers(config)
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
    const bound = shown === undefined ? { DPoP } : {}
    const { asked, checks } = await openidRequest()
    const one = { resource: api.notes }
    const both = new URLSearchParams([...Object.entries(asked), ['resource', api.notes], ['resource', api.reports]])
    const signed = async () => (await client.buildAuthorizationUrlWithJAR(config, both, key.privateKey)).searchParams
    const url = await client.buildAuthorizationUrlWithPAR(config, isSigned ? await signed() : both, bound)
    const tokens = await client.authorizationCodeGrant(config, await person.sentTo(url), checks, one, bound)
    for (const resource of [api.notes, api.reports]) {
      const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource }, bound)
      const [url, token] = [new URL(resource), renewed.access_token]
      const answer = await client.fetchProtectedResource(config, token, url, 'GET', null, undefined, bound)
      assert.equal(answer.status, 200)
    }
    const bare = await openidClient(scene, id, openid, isSigned ? about : {})
    await assert.rejects(client.refreshTokenGrant(bare, tokens.refresh_token ?? ''), { status: 400 })
    const unpushed = await person.sentTo(client.buildAuthorizationUrl(config, asked))
    await refused(client.authorizationCodeGrant(config, unpushed, checks, undefined, bound), 'invalid_request')
    if (isSigned) await refused(client.buildAuthorizationUrlWithPAR(config, asked, bound), 'invalid_request')
  })
}
