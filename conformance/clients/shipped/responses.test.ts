import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formsOf } from 'cardea/testing'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { startEverything, usual } from '../../servers/shipped/everything.ts'
import {
  authorizeUrl,
  begin,
  keyPair,
  openedBy,
  openidClient,
  openidRequest,
  redeem,
  refused,
  webClient,
} from '../../servers/shipped/libraries.ts'

const own = await keyPair('own', 'RSA-OAEP-256', 'enc')
const secret = 'a secret'
const signed = { ...usual, client_secret: secret, authorization_signed_response_alg: 'ES256' }
const scene = await startEverything(() => ({
  clients: [
    { ...signed, client_id: 'app', first_party: false },
    { ...signed, client_id: 'only-signed', response_modes: ['jwt', 'query.jwt'] },
    {
      ...signed,
      client_id: 'secretive',
      jwks: { keys: [own.jwk] },
      authorization_encrypted_response_alg: 'RSA-OAEP-256',
      authorization_encrypted_response_enc: 'A256GCM',
    },
  ],
}))

const web = (client_id: string) =>
  webClient(scene, { client_id, authorization_signed_response_alg: 'ES256' }, oauth.ClientSecretBasic(secret))

/** What reaches the client, in whichever way: the response alone, signed. */
async function responseAt(url: string | URL, mode: string): Promise<URLSearchParams> {
  const answer = await scene.person.answer(url)
  const location = answer.headers.get('location')
  assert.equal(location === null, mode === 'form_post.jwt')
  if (location === null) return new URLSearchParams(formsOf(await answer.text())[0]?.fields.map((pair) => [...pair]))
  const { hash, searchParams } = new URL(location)
  return mode === 'fragment.jwt' ? new URLSearchParams(hash.slice(1)) : searchParams
}

for (const mode of ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']) {
  test(`JARM §2.3: oauth4webapi verifies an answer of cardea serve by ${mode}, and no other client would`, async () => {
    const one = await web('app')
    const begun = await begin('app', { response_mode: mode })
    const answered = await responseAt(authorizeUrl(one, begun.params), mode)
    assert.deepEqual([...answered.keys()], ['response'])
    const other = { ...one.app, client_id: 'another' }
    await assert.rejects(oauth.validateJwtAuthResponse(one.as, other, answered, begun.state, one.options), {
      code: oauth.JWT_CLAIM_COMPARISON,
    })
    const found = await oauth.validateJwtAuthResponse(one.as, one.app, answered, begun.state, one.options)
    assert.equal((await redeem(one, found, begun)).scope, 'read')
  })

  test(`JARM §2.3: openid-client verifies an answer of cardea serve by ${mode}`, async () => {
    const about = { authorization_signed_response_alg: 'ES256' }
    const config = await openidClient(scene, 'app', client.ClientSecretBasic(secret), about)
    const { asked, checks } = await openidRequest({ response_mode: mode })
    const url = client.buildAuthorizationUrl(config, asked)
    client.useJwtResponseMode(config)
    const answered = await responseAt(url, mode)
    // It reads the query alone, into which the page of the client puts what came.
    const sentBack = new URL(`${asked.redirect_uri}?${answered}`)
    assert.equal((await client.authorizationCodeGrant(config, sentBack, checks)).scope, 'read')
  })
}

test('JARM §2.2: oauth4webapi opens an answer of cardea serve that is signed and encrypted', async () => {
  const one = await web('secretive')
  const begun = await begin('secretive', { response_mode: 'jwt' })
  const answered = await responseAt(authorizeUrl(one, begun.params), 'jwt')
  assert.equal(answered.get('response')?.split('.').length, 5)
  const opening = { ...one.options, ...openedBy(own.privateKey) }
  const found = await oauth.validateJwtAuthResponse(one.as, one.app, answered, begun.state, opening)
  assert.equal((await redeem(one, found, begun)).scope, 'read')
})

test('JARM §2.1: both libraries read a signed denial of cardea serve', async () => {
  const one = await web('app')
  const begun = await begin('app', { response_mode: 'jwt', prompt: 'consent' })
  const denied = await scene.person.sentTo(authorizeUrl(one, begun.params), 'deny')
  const read = oauth.validateJwtAuthResponse(one.as, one.app, denied, begun.state, one.options)
  await refused(read, 'access_denied')
  const about = { authorization_signed_response_alg: 'ES256' }
  const config = await openidClient(scene, 'app', client.ClientSecretBasic(secret), about)
  client.useJwtResponseMode(config)
  const { asked, checks } = await openidRequest({ prompt: 'consent' })
  const sentBack = await scene.person.sentTo(client.buildAuthorizationUrl(config, asked), 'deny')
  await refused(client.authorizationCodeGrant(config, sentBack, checks), 'access_denied')
})

test('JARM §3: a client that may have signed answers only is refused a plain one', async () => {
  const one = await web('only-signed')
  const { params, state } = await begin('only-signed')
  const sentBack = await scene.person.sentTo(authorizeUrl(one, params))
  assert.throws(() => oauth.validateAuthResponse(one.as, one.app, sentBack, state), { error: 'unauthorized_client' })
})
