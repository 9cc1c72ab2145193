import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { testCertificate } from '../../../packages/cardea/test-support/test-certificate.ts'
import { grants, startEverything, usual } from '../../servers/shipped/everything.ts'
import {
  authorizeUrl,
  begin,
  codeFlow,
  grantOf,
  openidClient,
  openidFlow,
  openidRequest,
  redeem,
  refused,
  toldOf,
  webClient,
} from '../../servers/shipped/libraries.ts'
import { tlsFetch } from '../../servers/tls-fetch.ts'

const certificate = testCertificate({ subject: [{ CN: 'client' }] })
const stranger = testCertificate({ subject: [{ CN: 'thief' }] })
const open = { ...usual, token_endpoint_auth_method: 'none' }
const scene = await startEverything(() => ({
  clients: [
    { ...open, client_id: 'proves', dpop_bound_access_tokens: true },
    { ...open, client_id: 'shows', tls_client_certificate_bound_access_tokens: true },
    { client_id: 'job', client_secret: 'a secret', grant_types: [grants.machine] },
  ],
}))
const { api, person } = scene
const places = [api.notes, api.reports]

/** As the libraries want it done: the first refusal brings a nonce, and the request is made again. */
async function withNonce<T>(attempt: () => Promise<T>): Promise<T> {
  return attempt().catch((error) => {
    if (!oauth.isDPoPNonceError(error)) throw error
    return attempt()
  })
}

for (const place of places) {
  test(`RFC 9449: oauth4webapi binds code, tokens and refresh token at cardea serve, with nonces; ${new URL(place).pathname} takes them with a proof of that key`, async () => {
    const one = await webClient(scene, { client_id: 'proves' }, oauth.None())
    const handle = async () => oauth.DPoP(one.app, await oauth.generateKeyPair('ES256'))
    const [DPoP, other] = [await handle(), await handle()]
    const begun = await begin('proves', { resource: place, dpop_jkt: await DPoP.calculateThumbprint() })
    const code = async () => {
      const sentBack = await person.sentTo(authorizeUrl(one, begun.params))
      return oauth.validateAuthResponse(one.as, one.app, sentBack, begun.state)
    }
    const stolen = await code()
    await refused(
      withNonce(() => redeem(one, stolen, begun, { DPoP: other })),
      'invalid_grant',
    )
    const answered = await code()
    await refused(redeem(one, answered, begun), 'invalid_dpop_proof')
    const first = await withNonce(() => redeem(one, answered, begun, { DPoP }))
    assert.equal(first.token_type, 'dpop')
    const refresh = async (proof: oauth.DPoPHandle) => {
      const more = { ...one.options, DPoP: proof }
      const answer = await oauth.refreshTokenGrantRequest(one.as, one.app, one.auth, first.refresh_token ?? '', more)
      return oauth.processRefreshTokenResponse(one.as, one.app, answer)
    }
    await refused(
      withNonce(() => refresh(other)),
      'invalid_grant',
    )
    const { access_token } = await withNonce(() => refresh(DPoP))
    const ask = (more: oauth.ProtectedResourceRequestOptions) =>
      oauth.protectedResourceRequest(access_token, 'GET', new URL(place), undefined, null, { ...one.options, ...more })
    const told = await withNonce(() => ask({ DPoP }))
    assert.equal(((await told.json()) as { scheme: string }).scheme, 'DPoP')
    for (const more of [{}, { DPoP: other }])
      await assert.rejects(
        withNonce(() => ask(more)),
        { status: 401 },
      )
  })

  test(`RFC 9449: openid-client proves its key to cardea serve and to ${new URL(place).pathname}, and a proof counts once`, async () => {
    const sent: Request[] = []
    const config = await openidClient(scene, 'proves', client.None())
    config[client.customFetch] = (url, options) => {
      const request = new Request(url, options as RequestInit)
      sent.push(request.clone())
      return tlsFetch()(request)
    }
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
    const { asked, checks } = await openidRequest({ resource: place })
    const sentBack = await person.sentTo(await client.buildAuthorizationUrlWithPAR(config, asked, { DPoP }))
    const tokens = await client.authorizationCodeGrant(config, sentBack, checks, undefined, { DPoP })
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP })
    const { access_token } = renewed
    await client.fetchProtectedResource(config, access_token, new URL(place), 'GET', null, undefined, { DPoP })
    for (const [url, status] of [
      ['/token', 400],
      [new URL(place).pathname, 401],
    ] as const) {
      const again = await tlsFetch()(sent.findLast((one) => one.url.endsWith(url)) ?? assert.fail('nothing was sent'))
      assert.equal(again.status, status)
      assert.match((await again.text()) + again.headers.get('www-authenticate'), /invalid_dpop_proof/)
    }
    await assert.rejects(client.fetchProtectedResource(config, access_token, new URL(place), 'GET'), { status: 401 })
  })
}

test('RFC 9449 §5: a machine that oauth4webapi is may prove a key to cardea serve, and introspection tells it', async () => {
  const one = await webClient(scene, { client_id: 'job' }, oauth.ClientSecretBasic('a secret'))
  const jobs = await openidClient(scene, 'job', client.ClientSecretPost('a secret'))
  await assert.rejects(client.clientCredentialsGrant(jobs), { status: 401 })
  const DPoP = oauth.DPoP(one.app, await oauth.generateKeyPair('ES256'))
  const { access_token } = await withNonce(() => grantOf(one, grants.machine, {}, { DPoP }))
  assert.deepEqual((await toldOf(one, access_token)).cnf, { jkt: await DPoP.calculateThumbprint() })
})

for (const place of places) {
  test(`RFC 8705 §3: tokens of cardea serve are bound to the certificate of either library; ${new URL(place).pathname} takes them over no other`, async () => {
    const one = await webClient(scene, { client_id: 'shows' }, oauth.None(), certificate)
    const config = await openidClient(scene, 'shows', client.None(), {}, certificate)
    const first = await codeFlow(scene, one, { resource: place })
    const second = await openidFlow(scene, config, { resource: place })
    const renewed = await client.refreshTokenGrant(config, second.refresh_token ?? '')
    for (const { access_token } of [first, renewed]) {
      const statusOver = async (shown?: typeof certificate) =>
        (await tlsFetch(shown)(place, { headers: { authorization: `Bearer ${access_token}` } })).status
      assert.deepEqual([await statusOver(certificate), await statusOver(stranger), await statusOver()], [200, 401, 401])
    }
    const bare = await openidClient(scene, 'shows', client.None())
    await assert.rejects(client.refreshTokenGrant(bare, renewed.refresh_token ?? ''), { status: 400 })
  })
}
