import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dpopClient } from '../../test-support/dpop-client.ts'
import { type Bank, bankAsks, bankId, errorOf, startBank } from '../../test-support/fapi-bank.ts'
import { readJwt } from '../core/crypto/jose/verify-jwt.ts'

const machine = { grant_type: 'client_credentials' } as const
const messageSigning = true
const accept = { headers: { accept: 'application/token-introspection+jwt' } }

/** A request object of Message Signing §5.3.1, changed as given. */
const objectOf = ({ server, sign }: Bank, more: Record<string, unknown> = {}, typ = 'oauth-authz-req+jwt') => {
  const now = server.clock.now()
  const about = { iss: bankId, client_id: bankId, aud: server.provider.issuer, nbf: now, iat: now, exp: now + 300 }
  return sign({ ...bankAsks, response_mode: 'jwt', ...about, ...more }, typ)
}

const pushSigned = (bank: Bank, more?: Record<string, unknown>, typ?: string) =>
  bank.post('/par', { client_id: bankId, request: objectOf(bank, more, typ) })

for (const alg of ['PS256', 'ES256', 'EdDSA', 'Ed25519'] as const) {
  test(`FAPI 2.0 §5.4.1-1: ${alg} is taken of clients, for assertions and requests`, async () => {
    const bank = await startBank({ alg, profile2: { messageSigning } })
    assert.equal((await bank.post('/token', machine)).status, 200)
    assert.equal((await pushSigned(bank)).status, 201)
  })
}

for (const alg of ['RS256', 'RS512', 'PS384', 'ES384', 'ES512'] as const) {
  test(`FAPI 2.0 §5.4.1-1: ${alg} is refused of clients, also of those that are registered for it`, async () => {
    const registered = { token_endpoint_auth_signing_alg: alg, request_object_signing_alg: alg }
    for (const client of [registered, {}]) {
      const bank = await startBank({ alg }, client)
      assert.deepEqual(await errorOf(await bank.post('/token', machine)), [401, 'invalid_client'])
      assert.deepEqual(await errorOf(await bank.push()), [401, 'invalid_client'])
    }
  })

  test(`FAPI 2.0 §5.4.1-1: a DPoP proof by ${alg} is refused`, async () => {
    const bank = await startBank()
    const { proof } = await dpopClient(bank.server.clock, alg)
    const type = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }
    const form = { ...machine, ...type, client_assertion: bank.assertion() }
    const answer = await bank.server.post('/token', form, { headers: { dpop: proof() } })
    assert.deepEqual(await errorOf(answer), [400, 'invalid_dpop_proof'])
  })
}

test('FAPI 2.0 §5.4.1-1: a JWT that buys tokens is held to the same algorithms', async () => {
  const bank = await startBank(
    { jwtBearer: true, mutualTls: true, alg: 'RS256' },
    { grant_types: ['urn:ietf:params:oauth:grant-type:jwt-bearer'] },
  )
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: bank.assertion() }
  const answer = await bank.post('/token', form, { assertion: 'none' })
  assert.deepEqual(await errorOf(answer), [401, 'invalid_client'])
})

test('FAPI 2.0 §5.4.1-1, A2-META-05, A2-META-08: nobody registers for another algorithm', async () => {
  const bank = await startBank({ profile2: { messageSigning }, registration: { mode: 'open' } })
  const { keys } = (await (await bank.server.agent().get('/jwks')).json()) as { keys: object[] }
  const register = (more: object) =>
    bank.server.send(
      new Request('https://auth.example/register', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['https://client.example/cb'],
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys },
          ...more,
        }),
      }),
    )
  for (const member of [
    'token_endpoint_auth_signing_alg',
    'request_object_signing_alg',
    'authorization_signed_response_alg',
    'introspection_signed_response_alg',
  ])
    assert.deepEqual(await errorOf(await register({ [member]: 'RS256' })), [400, 'invalid_client_metadata'], member)
  assert.equal((await register({})).status, 201)
})

test('FAPI 2.0 §5.4.1-1: an access token is not signed by RS256, whatever its resource wants', async () => {
  const rs256 = { name: 'Accounts', token_format: 'jwt', signing_alg: 'RS256' } as const
  const stored = { identifier: 'https://api.example/stored', ...rs256 }
  const bank = await startBank()
  await bank.server.store.resources.save(stored)
  const answer = await bank.post('/token', { ...machine, resource: stored.identifier })
  assert.deepEqual(await errorOf(answer), [400, 'invalid_target'])
  await assert.rejects(startBank({ resources: [stored] }), /resources\[0\]\.signing_alg: must be among/)
})

test('FAPI 2.0 §5.4.1-1: options that would take more are refused', async () => {
  await assert.rejects(startBank({ signatureAlgorithms: ['RS256'] }), /signatureAlgorithms: must be out of PS256/)
  await assert.rejects(startBank({ signatureAlgorithms: ['PS256'] }), /signatureAlgorithms: must hold ES256/)
})

test('Message Signing §5.3.1-1: a push without a signed request is refused', async () => {
  const bank = await startBank({ profile2: { messageSigning } })
  assert.deepEqual(await errorOf(await bank.push({ response_mode: 'jwt' })), [400, 'invalid_request'])
})

for (const [rule, more, typ] of [
  ['-2: aud is our issuer', { aud: 'https://other.example' }],
  ['-2: aud is there', { aud: undefined }],
  ['-3: nbf is there', { nbf: undefined }],
  ['-4: exp is there', { exp: undefined }],
  ['-4: exp is at most an hour after nbf', { exp: 4_000_000_000 }],
  ['-5: typ is that of requests', {}, 'JWT'],
] as const) {
  test(`Message Signing §5.3.1${rule}`, async () => {
    const bank = await startBank({ profile2: { messageSigning } })
    const answer = await pushSigned(bank, more, typ)
    assert.deepEqual(await errorOf(answer), [400, 'invalid_request_object'])
  })
}

test('Message Signing §5.3.1-3: nbf is at most an hour ago', async () => {
  const bank = await startBank({ profile2: { messageSigning } })
  const nbf = bank.server.clock.now() - 3700
  assert.deepEqual(await errorOf(await pushSigned(bank, { nbf })), [400, 'invalid_request_object'])
  const lasting = { nbf: bank.server.clock.now() - 3000 }
  assert.equal((await pushSigned(bank, lasting)).status, 201)
  assert.equal((await pushSigned(bank, { aud: [bank.server.provider.issuer] })).status, 201)
})

test('Message Signing §5.4.1, BEAT-10: answers and errors come signed, with iss inside only', async () => {
  const bank = await startBank({ profile2: { messageSigning } })
  const sent = await bank.answered(await pushSigned(bank))
  assert.deepEqual([...sent.searchParams.keys()], ['response'])
  const { claims, header } = readJwt(sent.searchParams.get('response') ?? '')
  assert.deepEqual([header.alg, claims.iss, claims.aud], ['ES256', bank.server.provider.issuer, bankId])
  assert.ok(claims.code)
  const direct = await bank.server.agent().get(`/authorize?${new URLSearchParams({ client_id: bankId, ...bankAsks })}`)
  const refused = new URL(direct.headers.get('location') ?? '')
  assert.deepEqual([...refused.searchParams.keys()], ['response'])
  assert.equal(readJwt(refused.searchParams.get('response') ?? '').claims.error, 'invalid_request')
})

for (const response_mode of ['query', 'fragment', 'form_post', undefined]) {
  test(`Message Signing §5.4.1: an answer by ${response_mode} is refused`, async () => {
    const bank = await startBank({ profile2: { messageSigning } })
    assert.deepEqual(await errorOf(await pushSigned(bank, { response_mode })), [400, 'invalid_request'])
  })
}

test('Message Signing §5.4.1: a client that is registered for RS256 is told before a person is asked', async () => {
  const registered = { authorization_signed_response_alg: 'RS256' }
  const bank = await startBank({ profile2: { messageSigning } }, registered)
  assert.deepEqual(await errorOf(await pushSigned(bank)), [400, 'unauthorized_client'])
})

test('Message Signing §5.5.1: an introspection that is asked for as a JWT is signed, by what the profile allows', async () => {
  for (const [alg, expected] of [
    [undefined, 'ES256'],
    ['PS256', 'PS256'],
    ['RS256', 'invalid_request'],
  ] as const) {
    const registered = alg === undefined ? {} : { introspection_signed_response_alg: alg }
    const bank = await startBank({ profile2: { messageSigning } }, registered)
    const type = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }
    const form = { token: 'unknown', ...type, client_assertion: bank.assertion() }
    const answer = await bank.server.post('/introspect', form, accept)
    const said = answer.status === 200 ? readJwt(await answer.text()).header.alg : (await errorOf(answer))[1]
    assert.equal(said, expected)
  }
})

test('Message Signing §6.2: a client that is no resource server learns nothing of the tokens of others', async () => {
  const bank = await startBank({ profile2: { messageSigning }, clients: [] })
  const { access_token } = (await (await bank.post('/token', machine)).json()) as { access_token: string }
  const { clients } = bank.server.store
  const known = await clients.find(bankId)
  assert.ok(known)
  await clients.save({ ...known, client_id: 'other' })
  const assertion = bank.assertion({ iss: 'other', sub: 'other' })
  const answer = await bank.post('/introspect', { token: access_token }, { assertion })
  assert.deepEqual(await answer.json(), { active: false })
})
