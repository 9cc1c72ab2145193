import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { hmacSha256, type Signing, signRequest } from 'cardea/oauth1'
import { SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { grants, startEverything, usual } from '../../servers/shipped/everything.ts'
import {
  codeFlow,
  grantOf,
  keyPair,
  openidClient,
  refused,
  toldOf,
  webClient,
} from '../../servers/shipped/libraries.ts'
import { ada } from '../../servers/shipped/person.ts'
import { tlsFetch } from '../../servers/tls-fetch.ts'

const secret = 'a secret'
const idp = 'https://idp.example'
const idpKey = await keyPair('idp')
const types = {
  access: 'urn:ietf:params:oauth:token-type:access_token',
  jwt: 'urn:ietf:params:oauth:token-type:jwt',
  oauth1: 'urn:cardea:params:oauth:token-type:oauth1',
} as const

const scene = await startEverything(({ api, documents }) => {
  const exchanging = { client_secret: secret, grant_types: [grants.exchange, grants.machine], introspect_any: true }
  const from = { from: ['shop', 'orders', 'gateway'], issuers: [idp], targets: [api.notes] }
  return {
    trustedIssuers: [{ issuer: idp, jwksUri: documents.put('idp', { keys: [idpKey.jwk] }), usernameClaim: 'email' }],
    tokenExchange: {
      allow: [
        { client: 'orders', ...from, delegation: true },
        { client: 'stock', ...from, delegation: true },
        { client: 'support', ...from, scope: ['read'] },
        { client: 'gateway', ...from, mayAct: 'orders' },
      ],
    },
    clients: [
      { ...usual, client_id: 'shop', client_secret: secret },
      { ...exchanging, client_id: 'orders' },
      { ...exchanging, client_id: 'stock' },
      { ...exchanging, client_id: 'support' },
      { ...exchanging, client_id: 'gateway' },
      {
        client_id: 'old-shop',
        grant_types: [grants.exchange, grants.refresh],
        token_endpoint_auth_method: 'none',
        oauth1: { secret: 'of old', callbacks: ['https://client.example/cb'] },
      },
    ],
  }
})
const { api, issuer, person } = scene
const web = (client_id: string) => webClient(scene, { client_id }, oauth.ClientSecretBasic(secret))
const openid = (id: string) => openidClient(scene, id, client.ClientSecretBasic(secret))
const ofAda = async () => (await codeFlow(scene, await web('shop'), { scope: 'read write' })).access_token
const exchangeOf = (subject_token: string, subject_token_type: string = types.access) => ({
  subject_token,
  subject_token_type,
  resource: api.notes,
})
const named = (sub: string) => ({ sub, client_id: sub })

test('RFC 8693 §1.1: oauth4webapi at cardea serve: impersonation says nothing of who acts, delegation does, and who acted before', async () => {
  const [support, orders, stock] = [await web('support'), await web('orders'), await web('stock')]
  const subject = await ofAda()
  const impersonated = await grantOf(support, grants.exchange, exchangeOf(subject))
  assert.equal(impersonated.issued_token_type, types.access)
  const told = await toldOf(support, impersonated.access_token)
  assert.deepEqual([told.username, told.scope, told.aud, told.act], [ada.username, 'read', api.notes, undefined])
  const delegated = await grantOf(orders, grants.exchange, exchangeOf(subject))
  assert.deepEqual((await toldOf(orders, delegated.access_token)).act, named('orders'))
  const again = await grantOf(stock, grants.exchange, exchangeOf(delegated.access_token))
  assert.deepEqual((await toldOf(stock, again.access_token)).act, { ...named('stock'), act: named('orders') })
  const elsewhere = { ...exchangeOf(subject), resource: api.reports }
  await refused(grantOf(orders, grants.exchange, elsewhere), 'invalid_target')
})

test('RFC 8693 §2.1: openid-client at cardea serve: an actor that proves itself by its token is named; for others nothing is exchanged', async () => {
  const [support, orders] = [await openid('support'), await openid('orders')]
  const subject = await ofAda()
  const { access_token: actor_token } = await client.clientCredentialsGrant(support)
  const exchanged = await client.genericGrantRequest(support, grants.exchange, {
    ...exchangeOf(subject),
    actor_token,
    actor_token_type: types.access,
  })
  assert.deepEqual((await client.tokenIntrospection(support, exchanged.access_token)).act, named('support'))
  const { access_token: foreign } = await client.clientCredentialsGrant(await openid('stock'))
  const { resource: _, ...untargeted } = exchangeOf(foreign)
  await assert.rejects(client.genericGrantRequest(orders, grants.exchange, untargeted), { status: 400 })
})

test('RFC 8693 §4.4: at cardea serve a JWT of a trusted issuer buys tokens for whom its may_act names, and for nobody else', async () => {
  const signed = (may_act: object) =>
    new SignJWT({ sub: '17', email: ada.username, jti: randomUUID(), may_act })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setIssuer(idp)
      .setAudience(issuer)
      .setExpirationTime('1m')
      .sign(idpKey.privateKey)
  const orders = await openid('orders')
  const bought = await client.genericGrantRequest(
    orders,
    grants.exchange,
    exchangeOf(await signed({ sub: 'orders', client_id: 'orders' }), types.jwt),
  )
  const told = await client.tokenIntrospection(orders, bought.access_token)
  assert.deepEqual([told.username, told.act], [ada.username, named('orders')])
  const stock = await web('stock')
  const forOrders = exchangeOf(await signed({ sub: 'orders', client_id: 'orders' }), types.jwt)
  await assert.rejects(grantOf(stock, grants.exchange, forOrders), { status: 400 })
})

test('RFC 8693 §4.4: what cardea serve gives to a gateway is for the client its rule names to act with, to both libraries', async () => {
  const given = await grantOf(await web('gateway'), grants.exchange, exchangeOf(await ofAda()))
  const [orders, stock] = [await web('orders'), await openid('stock')]
  assert.deepEqual((await toldOf(orders, given.access_token)).may_act, named('orders'))
  const bought = await grantOf(orders, grants.exchange, exchangeOf(given.access_token))
  assert.deepEqual((await toldOf(orders, bought.access_token)).act, named('orders'))
  const others = client.genericGrantRequest(stock, grants.exchange, exchangeOf(given.access_token))
  await refused(others, 'invalid_request')
})

/** A POST that an OAuth 1 client signs. */
async function signedPost(path: string, more: Partial<Signing>, body = ''): Promise<Response> {
  const contentType = 'application/x-www-form-urlencoded'
  const occasion = { timestamp: Math.floor(Date.now() / 1000), nonce: randomUUID() }
  const keys = { clientSecret: 'of old', ...more.keys }
  const { url, headers } = signRequest(
    { method: 'POST', url: issuer + path, body, contentType },
    { consumerKey: 'old-shop', signatureMethod: hmacSha256, ...occasion, ...more, keys },
  )
  return tlsFetch()(url, { method: 'POST', headers: { ...headers, 'content-type': contentType }, body })
}

async function credentialIn(answer: Response) {
  const said = new URLSearchParams(await answer.text())
  assert.equal(answer.status, 200, String(said))
  return { token: said.get('oauth_token') ?? '', keys: { tokenSecret: said.get('oauth_token_secret') ?? '' } }
}

test('RFC 8693 §2.1: a credential of OAuth 1 that cardea serve has given buys tokens, which both libraries renew', async () => {
  const oauth_callback = 'https://client.example/cb'
  const temporary = await credentialIn(await signedPost('/oauth1/initiate', { parameters: { oauth_callback } }))
  const allowed = await person.sentTo(`${issuer}/oauth1/authorize?oauth_token=${temporary.token}`)
  const oauth_verifier = allowed.searchParams.get('oauth_verifier') ?? ''
  const parameters = { oauth_verifier }
  const credential = await credentialIn(await signedPost('/oauth1/token', { ...temporary, parameters }))
  const { resource: _, ...form } = exchangeOf(credential.token, types.oauth1)
  const body = String(new URLSearchParams({ grant_type: grants.exchange, ...form }))
  const one = await webClient(scene, { client_id: 'old-shop' }, oauth.None())
  const answer = await signedPost('/token', credential, body)
  const tokens = await oauth.processGenericTokenEndpointResponse(one.as, one.app, answer)
  const again = await oauth.refreshTokenGrantRequest(one.as, one.app, one.auth, tokens.refresh_token ?? '', one.options)
  const renewed = await oauth.processRefreshTokenResponse(one.as, one.app, again)
  const config = await openidClient(scene, 'old-shop', client.None())
  assert.equal((await client.refreshTokenGrant(config, renewed.refresh_token ?? '')).scope, 'read')
  const { token } = credential
  const wrong = await signedPost('/token', { token, keys: { tokenSecret: 'guess' } }, body)
  assert.equal(wrong.status, 401)
})
