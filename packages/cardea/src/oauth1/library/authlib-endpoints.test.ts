import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cacheStores, memoryCache } from '../../stores/cache/index.ts'
import {
  dataOf,
  formRequest,
  type Host,
  hostPair,
  inTables,
  oauth1Host,
  signedRequest,
  withHeader,
} from '../../testing/oauth1-host.ts'
import { rsaSha1 } from '../signature-methods.ts'

// What Authlib's own suites for Flask (cache and database) and Django hold their server to, at this one.
const kinds = [
  ['cache', () => cacheStores(memoryCache())],
  ['tables', () => inTables()],
] as const

const plain = { signatureMethods: ['PLAINTEXT', 'HMAC-SHA1', 'RSA-SHA1'] }
const oob = { oauth_consumer_key: 'client', oauth_callback: 'oob' }
const plainOob = { ...oob, oauth_signature_method: 'PLAINTEXT', oauth_signature: 'secret&' }

const initiate = async ({ server }: Host, form: Record<string, string> = {}) =>
  dataOf(await server.createTemporaryCredentialsResponse(formRequest('/oauth/initiate', form)))

const redeem = async ({ server }: Host, request: Request) => dataOf(await server.createTokenResponse(request))

/** A temporary credential that user 1 has approved. */
async function approved(host: Host) {
  const { oauth_token = '', oauth_token_secret = '' } = await initiate(host, plainOob)
  const answer = await host.server.createAuthorizationResponse(formRequest('/authorize', { oauth_token }), {
    grantUser: '1',
  })
  const { searchParams } = new URL(answer.headers.get('location') ?? '')
  return { token: oauth_token, secret: oauth_token_secret, verifier: searchParams.get('oauth_verifier') ?? '' }
}

for (const [name, shortTerm] of kinds) {
  const start = (more = {}) => oauth1Host({ shortTerm: shortTerm(), ...plain, ...more })

  test(`A1-RES-08: ${name}: temporary credentials: errors of parameters`, async () => {
    const host = start()
    const get = await host.server.createTemporaryCredentialsResponse(new Request('http://localhost/oauth/initiate'))
    assert.equal((await dataOf(get)).error, 'method_not_allowed')
    const cases: [Record<string, string>, string, RegExp][] = [
      [{}, 'missing_required_parameter', /oauth_consumer_key/],
      [{ oauth_consumer_key: 'client' }, 'missing_required_parameter', /oauth_callback/],
      [{ oauth_consumer_key: 'client', oauth_callback: 'invalid_url' }, 'invalid_request', /oauth_callback/],
      [{ oauth_consumer_key: 'invalid-client', oauth_callback: 'oob' }, 'invalid_client', /./],
    ]
    for (const [form, error, description] of cases) {
      const data = await initiate(host, form)
      assert.equal(data.error, error)
      assert.match(data.error_description ?? '', description)
    }
  })

  test(`A1-RES-08: ${name}: temporary credentials: timestamp and nonce`, async () => {
    const host = start()
    const cases: [Record<string, string>, string, RegExp][] = [
      [{}, 'missing_required_parameter', /oauth_timestamp/],
      [{ oauth_timestamp: String(host.clock.now()) }, 'missing_required_parameter', /oauth_nonce/],
      [{ oauth_timestamp: '123' }, 'invalid_request', /oauth_timestamp/],
      [{ oauth_timestamp: 'sss' }, 'invalid_request', /oauth_timestamp/],
      [{ oauth_timestamp: '-1', oauth_signature_method: 'PLAINTEXT' }, 'invalid_request', /oauth_timestamp/],
    ]
    for (const [form, error, description] of cases) {
      const data = await initiate(host, { ...oob, ...form })
      assert.equal(data.error, error)
      assert.match(data.error_description ?? '', description)
    }
  })

  test(`A1-RES-08: ${name}: temporary credentials: errors of signatures`, async () => {
    const host = start()
    const fresh = { oauth_timestamp: String(host.clock.now()), oauth_nonce: 'a' }
    const cases: [Record<string, string>, string, RegExp][] = [
      [{ oauth_signature_method: 'PLAINTEXT' }, 'missing_required_parameter', /oauth_signature\b/],
      [fresh, 'missing_required_parameter', /oauth_signature_method/],
      [{ ...fresh, oauth_signature_method: 'INVALID', oauth_signature: 'c' }, 'unsupported_signature_method', /./],
    ]
    for (const [form, error, description] of cases) {
      const data = await initiate(host, { ...oob, ...form })
      assert.equal(data.error, error)
      assert.match(data.error_description ?? '', description)
    }
  })

  test(`A1-RES-08: ${name}: temporary credentials: PLAINTEXT in form and header`, async () => {
    const host = start()
    assert.ok((await initiate(host, plainOob)).oauth_token)
    const header =
      'OAuth oauth_consumer_key="client",oauth_signature_method="PLAINTEXT",oauth_callback="oob",oauth_signature="secret&"'
    const answer = await host.server.createTemporaryCredentialsResponse(withHeader('/oauth/initiate', header))
    assert.ok((await dataOf(answer)).oauth_token)
    const wrong = await initiate(host, { ...plainOob, oauth_signature: 'invalid-signature' })
    assert.equal(wrong.error, 'invalid_signature')
  })

  test(`A1-RES-08: ${name}: temporary credentials: HMAC-SHA1, and a nonce that exists`, async () => {
    const { server, clock } = start()
    const again = signedRequest('/oauth/initiate', 'POST', {
      timestamp: clock.now(),
      nonce: 'hmac-sha1-nonce',
      parameters: { oauth_callback: 'oob' },
    })
    assert.ok((await dataOf(await server.createTemporaryCredentialsResponse(again()))).oauth_token)
    assert.equal((await dataOf(await server.createTemporaryCredentialsResponse(again()))).error, 'invalid_nonce')
  })

  test(`A1-RES-08: ${name}: temporary credentials: RSA-SHA1, and a changed nonce`, async () => {
    const { server, clock } = start()
    const request = signedRequest('/oauth/initiate', 'POST', {
      signatureMethod: rsaSha1,
      keys: { rsaPrivateKey: hostPair.privateKey },
      timestamp: clock.now(),
      nonce: 'rsa-sha1-nonce',
      parameters: { oauth_callback: 'oob' },
    })
    assert.ok((await dataOf(await server.createTemporaryCredentialsResponse(request()))).oauth_token)
    const header = (request().headers.get('authorization') ?? '').replace('rsa-sha1-nonce', 'alt-sha1-nonce')
    const changed = await server.createTemporaryCredentialsResponse(withHeader('/oauth/initiate', header))
    assert.equal((await dataOf(changed)).error, 'invalid_signature')
  })

  test(`A1-RES-08: ${name}: temporary credentials: a method that is off`, async () => {
    const host = start({ signatureMethods: ['HMAC-SHA1'] })
    assert.equal((await initiate(host, plainOob)).error, 'unsupported_signature_method')
    const invalid = { ...plainOob, oauth_signature_method: 'INVALID', oauth_nonce: 'n', oauth_timestamp: '1' }
    assert.equal((await initiate(host, invalid)).error, 'unsupported_signature_method')
  })

  test(`A1-RES-08: ${name}: temporary credentials: an unknown client`, async () => {
    const data = await initiate(start(), { ...plainOob, oauth_consumer_key: 'client2' })
    assert.equal(data.error, 'invalid_client')
  })

  test(`A1-RES-08: ${name}: authorization: without and with an unknown token`, async () => {
    const { server } = start()
    const check = (form?: Record<string, string>) => server.checkAuthorizationRequest(formRequest('/authorize', form))
    await assert.rejects(check(), { code: 'missing_required_parameter', description: /oauth_token/ })
    await assert.rejects(check({ oauth_token: 'a' }), { code: 'invalid_token' })
  })

  for (const [decision, grantUser, shows] of [
    ['denied', null, /[?&]error=access_denied/],
    ['granted', { id: 1 }, /[?&]oauth_verifier=/],
  ] as const) {
    test(`A1-RES-08: ${name}: authorization: ${decision}, to the default and to the named callback`, async () => {
      const host = start()
      for (const [oauth_callback, place] of [
        ['oob', 'https://a.b'],
        ['https://i.test', 'https://i.test'],
      ] as const) {
        const { oauth_token = '' } = await initiate(host, { ...plainOob, oauth_callback })
        const request = formRequest('/authorize', { oauth_token })
        const answer = await host.server.createAuthorizationResponse(request, { grantUser })
        assert.equal(answer.status, 303)
        assert.ok(answer.headers.get('location')?.startsWith(`${place}?oauth_token=${oauth_token}&`))
        assert.match(answer.headers.get('location') ?? '', shows)
      }
    })
  }

  test(`A1-RES-08: ${name}: token credentials: errors of parameters`, async () => {
    const host = start()
    const { token } = await approved(host)
    const cases: [Record<string, string>, string, RegExp][] = [
      [{}, 'missing_required_parameter', /oauth_consumer_key/],
      [{ oauth_consumer_key: 'a' }, 'invalid_client', /./],
      [{ oauth_consumer_key: 'client' }, 'missing_required_parameter', /oauth_token/],
      [{ oauth_consumer_key: 'client', oauth_token: 'a' }, 'invalid_token', /./],
      [{ oauth_consumer_key: 'client', oauth_token: token }, 'missing_required_parameter', /oauth_verifier/],
    ]
    for (const [form, error, description] of cases) {
      const data = await redeem(host, formRequest('/oauth/token', form))
      assert.equal(data.error, error)
      assert.match(data.error_description ?? '', description)
    }
  })

  test(`A1-RES-08: ${name}: token credentials: a wrong verifier`, async () => {
    const host = start()
    const { token, secret } = await approved(host)
    const form = {
      oauth_consumer_key: 'client',
      oauth_token: token,
      oauth_verifier: 'abc',
      oauth_signature_method: 'PLAINTEXT',
      oauth_signature: `secret&${secret}`,
    }
    const data = await redeem(host, formRequest('/oauth/token', form))
    assert.equal(data.error, 'invalid_request')
    assert.match(data.error_description ?? '', /oauth_verifier/)
  })

  test(`A1-RES-08: ${name}: token credentials: parameters in two places`, async () => {
    const form = { oauth_consumer_key: 'client', oauth_token: 'abc', oauth_verifier: 'abc' }
    const data = await redeem(start(), formRequest('/oauth/token?oauth_consumer_key=client', form))
    assert.equal(data.error, 'duplicated_oauth_protocol_parameter')
  })

  test(`A1-RES-08: ${name}: token credentials: PLAINTEXT, and a wrong one`, async () => {
    const host = start()
    const { token, secret, verifier } = await approved(host)
    const header = (signature: string) =>
      `OAuth oauth_consumer_key="client",oauth_signature_method="PLAINTEXT",oauth_token="${token}",oauth_verifier="${verifier}",oauth_signature="${signature}"`
    const wrong = await redeem(host, withHeader('/oauth/token', header('invalid-signature')))
    assert.equal(wrong.error, 'invalid_signature')
    const data = await redeem(host, withHeader('/oauth/token', header(`secret&${secret}`)))
    assert.equal(host.tokens.get(data.oauth_token ?? '')?.userId, '1')
  })

  for (const [method, signing] of [
    ['HMAC-SHA1', {}],
    ['RSA-SHA1', { signatureMethod: rsaSha1, keys: { rsaPrivateKey: hostPair.privateKey } }],
  ] as const) {
    test(`A1-RES-08: ${name}: token credentials: ${method}, once`, async () => {
      const host = start()
      const { token, secret, verifier } = await approved(host)
      const again = signedRequest('/oauth/token', 'POST', {
        keys: { clientSecret: 'secret', tokenSecret: secret },
        ...signing,
        token,
        timestamp: host.clock.now(),
        nonce: 'nonce-1',
        parameters: { oauth_verifier: verifier },
      })
      const header = (again().headers.get('authorization') ?? '').replace('nonce-1', 'nonce-2')
      assert.equal((await redeem(host, withHeader('/oauth/token', header))).error, 'invalid_signature')
      assert.ok((await redeem(host, again())).oauth_token_secret)
      assert.match((await redeem(host, again())).error ?? '', /^invalid_(?:token|nonce)$/)
    })
  }
}
