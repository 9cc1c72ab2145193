import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import {
  api,
  exchange,
  fromIdp,
  grants,
  grantType,
  idp,
  introspect,
  key,
  now,
  other,
  post,
  signIn,
  start,
  type Told,
  typeOf,
} from '../../../../test-support/exchanging.ts'
import { testCertificate } from '../../../../test-support/test-certificate.ts'
import { fetchHandler } from '../../../adapters/fetch.ts'
import { certificateThumbprint } from '../../../core/crypto/x509/thumbprint.ts'
import { acceptedAttacks, type HonestJwt } from '../../../testing/jwt-attacks/index.ts'
import { oauth1Client, sendSigned, startOAuth1Server, tokenFor } from '../../../testing/oauth1-flow.ts'

test('RFC 8693 §2.1, ASK-05: a client may have less of what it holds', async () => {
  const server = await start()
  const { access_token } = await signIn(server)
  const answer = await exchange(server, access_token, { scope: 'read' })
  const { status, scope, issued_token_type, token_type, refresh_token, error } = answer
  assert.deepEqual(
    { status, scope, issued_token_type, token_type, refresh_token, error },
    {
      status: 200,
      scope: 'read',
      issued_token_type: typeOf('access_token'),
      token_type: 'Bearer',
      refresh_token: undefined,
      error: undefined,
    },
  )
  const { sub, client_id } = await introspect(server, answer.access_token)
  assert.deepEqual([sub, client_id], ['u1', 'web'])
  assert.equal((await exchange(server, access_token)).scope, 'read write')
})

test('RFC 8693 §2.1: of a refresh token too, which stays as it is', async () => {
  const server = await start()
  const { refresh_token } = await signIn(server)
  const form = { subject_token_type: typeOf('refresh_token') }
  assert.equal((await exchange(server, refresh_token, { ...form, scope: 'read' })).scope, 'read')
  assert.equal((await exchange(server, refresh_token, form, 'service')).error, 'invalid_request')
  assert.equal((await post(server, { grant_type: 'refresh_token', refresh_token }, 'web')).status, 200)
  assert.equal((await exchange(server, refresh_token, form)).error, 'invalid_request')
})

test('RFC 8693 §2.2.2: without a policy nothing else is allowed', async () => {
  const server = await start()
  const { access_token } = await signIn(server)
  const actor = { actor_token: access_token, actor_token_type: typeOf('access_token') }
  assert.equal((await exchange(server, access_token, {}, 'service')).error, 'invalid_request')
  assert.equal((await exchange(server, access_token, actor)).error, 'invalid_request')
  assert.equal((await exchange(server, fromIdp(), { subject_token_type: typeOf('jwt') })).error, 'invalid_request')
})

test('RFC 8693 §2.1: scope only narrows, by the subject’s token and by what the client may have', async () => {
  const server = await start({ policy: () => true })
  const { access_token } = await signIn(server, 'web', { scope: 'read' })
  assert.equal((await exchange(server, access_token, { scope: 'read write' })).error, 'invalid_scope')
  const both = await signIn(server)
  assert.equal((await exchange(server, both.access_token, {}, 'reader')).scope, 'read')
  assert.equal((await exchange(server, both.access_token, { scope: 'write' }, 'reader')).error, 'invalid_scope')
  const less = await start({ policy: () => ({ scope: ['read'] }) })
  assert.equal((await exchange(less, (await signIn(less)).access_token, {}, 'service')).scope, 'read')
  const more = await start({ policy: () => ({ scope: ['admin'] }) })
  assert.equal((await exchange(more, (await signIn(more)).access_token, {}, 'service')).status, 500)
})

test('RFC 8693 §2.1, RFC 8707 §2: resource and audience are the same thing, and unknown ones are refused', async () => {
  const server = await start()
  const { access_token } = await signIn(server)
  const audienceOf = async (form: Record<string, string>) => {
    const answer = await exchange(server, access_token, form)
    return answer.error ?? (await introspect(server, answer.access_token)).aud
  }
  assert.equal(await audienceOf({ resource: api }), api)
  assert.equal(await audienceOf({ audience: api }), api)
  assert.deepEqual(await audienceOf({ audience: api, resource: other }), [other, api])
  assert.equal(await audienceOf({ audience: 'urn:nowhere' }), 'invalid_target')
  const narrow = await exchange(server, access_token, { resource: api })
  assert.equal((await exchange(server, narrow.access_token, { resource: other })).error, 'invalid_target')
  const kept = await exchange(server, narrow.access_token)
  assert.equal((await introspect(server, kept.access_token)).aud, api)
})

test('RFC 8693 §2.2: what ends the subject’s authorization ends what was exchanged', async () => {
  const server = await start({ policy: () => true })
  const { access_token, refresh_token } = await signIn(server)
  const derived = await exchange(server, access_token, {}, 'service')
  assert.equal((await introspect(server, derived.access_token)).active, true)
  await server.post('/revoke', { token: refresh_token }, { client: ['web', 's'] })
  assert.equal((await introspect(server, derived.access_token)).active, false)
  assert.equal((await exchange(server, access_token, {}, 'service')).error, 'invalid_request')
})

test('RFC 8693 §2.2: what was exchanged lives no longer than what it was exchanged for', async () => {
  const server = await start()
  const { access_token } = await signIn(server)
  server.clock.advance(3000)
  const answer = await exchange(server, access_token)
  assert.equal(answer.expires_in, 600)
  server.clock.advance(600)
  assert.equal((await introspect(server, answer.access_token)).active, false)
  assert.equal((await exchange(server, answer.access_token)).error, 'invalid_request')
})

test('RFC 8693 §2.1: a machine token buys a machine token', async () => {
  const server = await start(true, { grants: [(await import('./client-credentials.ts')).clientCredentials()] })
  const { access_token } = await post(server, { grant_type: 'client_credentials', scope: 'read write' }, 'web')
  const answer = await exchange(server, access_token, { scope: 'read' })
  const { sub, client_id, scope } = await introspect(server, answer.access_token)
  assert.deepEqual([sub, client_id, scope], [undefined, 'web', 'read'])
})

test('RFC 8693 §1.1, §4.1: what another client buys with a machine’s token stands for that machine', async () => {
  const machines = [(await import('./client-credentials.ts')).clientCredentials()]
  for (const accessTokenFormat of ['opaque', 'jwt'] as const) {
    const server = await start(
      { policy: ({ isOwn }) => isOwn || { delegation: true } },
      { grants: machines, accessTokenFormat },
    )
    const { access_token } = await post(server, { grant_type: 'client_credentials', scope: 'read' }, 'web')
    const bought = await exchange(server, access_token, {}, 'service')
    const told = await introspect(server, bought.access_token)
    const act = { sub: 'service', client_id: 'service' }
    assert.deepEqual([told.sub, told.client_id, told.act], ['web', 'service', act])
    const less = await introspect(server, (await exchange(server, bought.access_token, {}, 'service')).access_token)
    assert.deepEqual([less.sub, less.act], ['web', act])
    if (accessTokenFormat === 'jwt') assert.equal(decodeJwt(bought.access_token).sub, 'web')
  }
})

const wrong: readonly (readonly [what: string, form: Record<string, string>, error: string])[] = [
  ['no subject token', { subject_token: '' }, 'invalid_request'],
  ['no type of the subject token', { subject_token_type: '' }, 'invalid_request'],
  ['an unknown type', { subject_token_type: typeOf('saml2') }, 'invalid_request'],
  ['an ID token, which does not say who may use it', { subject_token_type: typeOf('id_token') }, 'invalid_request'],
  ['a token that is none', { subject_token: 'x' }, 'invalid_request'],
  ['something with dots', { subject_token: 'a.b.c', subject_token_type: typeOf('jwt') }, 'invalid_request'],
  ['an opaque token as JWT', { subject_token_type: typeOf('jwt') }, 'invalid_request'],
  ['an actor token without its type', { actor_token: 'x' }, 'invalid_request'],
  ['the type of an actor token alone', { actor_token_type: typeOf('jwt') }, 'invalid_request'],
  ['a refresh token as actor', { actor_token: 'x', actor_token_type: typeOf('refresh_token') }, 'invalid_request'],
  ['another kind of token to be issued', { requested_token_type: typeOf('refresh_token') }, 'invalid_request'],
  ['a JWT where tokens are opaque', { requested_token_type: typeOf('jwt') }, 'invalid_request'],
]
for (const [what, form, error] of wrong) {
  test(`RFC 8693 §2.1, §2.2.2: ${what} is ${error}`, async () => {
    const server = await start({ policy: () => true })
    assert.equal((await exchange(server, (await signIn(server)).access_token, form)).error, error)
  })
}

test('RFC 8693 §2.1, RFC 9068: a JWT is issued, and taken, where access tokens are JWTs', async () => {
  const server = await start(true, { accessTokenFormat: 'jwt' })
  const { access_token } = await signIn(server)
  for (const type of ['jwt', 'access_token']) {
    const form = { subject_token_type: typeOf(type), requested_token_type: typeOf('jwt'), scope: 'read' }
    const answer = await exchange(server, access_token, form)
    assert.deepEqual([answer.issued_token_type, answer.scope], [typeOf('jwt'), 'read'])
    assert.equal(answer.access_token.split('.').length, 3)
  }
  const [head, body] = access_token.split('.')
  assert.equal((await exchange(server, `${head}.${body}.AAAA`)).error, 'invalid_request')
})

test('RFC 8693 §2.1: clients that cannot authenticate, or are not registered for it, exchange nothing', async () => {
  const server = await start({ policy: () => true })
  const { access_token } = await signIn(server)
  const form = { grant_type: grantType, subject_token: access_token, subject_token_type: typeOf('access_token') }
  const bare = await server.post('/token', { ...form, client_id: 'phone' })
  assert.deepEqual([bare.status, (await bare.json()).error], [400, 'unauthorized_client'])
  assert.equal((await post(server, form, 'plain')).error, 'unauthorized_client')
  assert.equal((await exchange(await start(false), access_token)).error, 'unsupported_grant_type')
})

test('RFC 8693 §2.1, RFC 8705 §3: a bound token buys no unbound one for its client, and binds no other client', async () => {
  const bound = {
    client_id: 'bound',
    secret: 's',
    grant_types: grants,
    tls_client_certificate_bound_access_tokens: true,
  }
  const service = { client_id: 'service', secret: 's', grant_types: grants }
  const checker = { client_id: 'api', secret: 's', introspect_any: true }
  const server = await start({ policy: () => true }, { clients: [bound, service, checker] })
  const certificate = testCertificate()
  const send = async (form: Record<string, string>): Promise<Told> => {
    const headers = { authorization: `Basic ${btoa('bound:s')}` }
    const body = new URLSearchParams(form)
    const request = new Request(`${server.origin}/token`, { method: 'POST', headers, body })
    const answer = await fetchHandler(server.provider)(request, { clientCertificate: certificate.der })
    return { ...((await answer.json()) as Omit<Told, 'status'>), status: answer.status }
  }
  const { access_token } = await send({ grant_type: 'password', username: 'ada', password: 'correct horse' })
  const form = { grant_type: grantType, subject_token: access_token, subject_token_type: typeOf('access_token') }
  const confirmation = { 'x5t#S256': certificateThumbprint(certificate.der) }
  assert.deepEqual((await introspect(server, (await send(form)).access_token)).cnf, confirmation)
  assert.equal((await post(server, form, 'bound')).status, 400)
  assert.equal((await introspect(server, (await post(server, form, 'service')).access_token)).cnf, undefined)
  const stored = await server.store.clients.find('bound')
  assert.ok(stored)
  await server.store.clients.save({ ...stored, tls_client_certificate_bound_access_tokens: false })
  assert.equal((await post(server, form, 'bound')).error, 'invalid_grant')
})

test('RFC 8693 §2.1: credentials of OAuth 1 are exchanged beside tokens, each proved in its way', async () => {
  const server = await startOAuth1Server({
    oauth1: true,
    tokenExchange: true,
    clients: [
      oauth1Client('mover', { secret: 'mover-secret' }, { grant_types: [grantType, 'refresh_token'] }),
      { client_id: 'web', secret: 's', grant_types: [grantType, 'client_credentials'] },
    ],
  })
  const mover = { consumerKey: 'mover', keys: { clientSecret: 'mover-secret' } }
  const credentials = await tokenFor(server, mover)
  const oauth1 = { subject_token: credentials.token, subject_token_type: 'urn:cardea:params:oauth:token-type:oauth1' }
  const body = new URLSearchParams({ grant_type: grantType, ...oauth1 }).toString()
  assert.equal((await sendSigned(server, '/token', { ...mover, credentials, body })).status, 200)
  assert.equal((await post(server, { grant_type: grantType, ...oauth1 }, 'web')).error, 'invalid_request')
  const { access_token } = await post(server, { grant_type: 'client_credentials' }, 'web')
  assert.equal((await exchange(server, access_token)).status, 200)
  const signedForOther = new URLSearchParams({
    grant_type: grantType,
    subject_token: access_token,
    subject_token_type: typeOf('access_token'),
  }).toString()
  assert.equal((await sendSigned(server, '/token', { ...mover, credentials, body: signedForOther })).status, 400)
})

for (const role of ['subject', 'actor'] as const) {
  test(`T-JWT-1 … T-JWT-8: no forged JWT is taken for a ${role}`, async () => {
    const server = await start({ policy: () => true })
    const { access_token } = await signIn(server)
    const claims = { iss: idp, sub: 'u1', aud: 'https://auth.example', exp: now + 60, iat: now }
    const honest: HonestJwt = {
      key,
      typ: 'JWT',
      otherTypes: [undefined],
      claims,
      required: ['iss', 'sub', 'aud', 'exp'],
    }
    const accepts = async (token: string): Promise<boolean> => {
      const jwt = { [`${role}_token`]: token, [`${role}_token_type`]: typeOf('jwt') }
      return (await exchange(server, access_token, jwt, 'service')).status === 200
    }
    assert.deepEqual(await acceptedAttacks(honest, now, accepts), [])
  })
}

test('tokenExchange.maxActors: what is no number of actors is refused before anything starts', async () => {
  for (const maxActors of [0, 17, 1.5]) await assert.rejects(start({ maxActors }), TypeError)
})
