import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  manage,
  post,
  refusal,
  registered,
  startRegistering,
  updateOf,
  webMetadata,
} from '../../../test-support/registering.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey, type SigningKey } from '../../core/crypto/jose/signing-key.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { acceptedAttacks, type HonestJwt } from '../../testing/jwt-attacks/index.ts'
import type { RegistrationOptions, SoftwareStatementIssuer } from './registration-options.ts'

const issuer = 'https://directory.example'
const start = 1_767_225_600
let key: SigningKey

before(async () => {
  key = await generateSigningKey('ES256')
})

const trusting = (
  more: Partial<SoftwareStatementIssuer> = {},
  options: Partial<RegistrationOptions> = {},
): Parameters<typeof startRegistering>[0] => ({
  softwareStatements: [{ issuer, jwks: { keys: [key.publicJwk] }, ...more }],
  ...options,
})

const clock = () => fakeClock()

const claimsOf = (now: number, more: JwtClaims = {}): JwtClaims => ({
  iss: issuer,
  iat: now,
  exp: now + 3600,
  software_id: 'app-1',
  client_name: 'The certified app',
  redirect_uris: ['https://certified.example/cb'],
  ...more,
})

const statement = (claims: JwtClaims, signer = key): string => signJwt(signer, { typ: 'JWT', claims })

test('A2-DCR-11, RFC 7591 §2.3: what a statement says wins over the body, and comes back as it was', async () => {
  const server = await startRegistering(trusting())
  const software_statement = statement(claimsOf(server.clock.now()))
  const body = { ...webMetadata, software_id: 'another', tos_uri: 'https://app.example/tos', software_statement }
  const client = await registered(server, body)
  assert.deepEqual(
    [client.client_name, client.software_id, client.redirect_uris, client.tos_uri, client.software_statement],
    ['The certified app', 'app-1', ['https://certified.example/cb'], 'https://app.example/tos', software_statement],
  )
})

test('RFC 7591 §2.3, T-DCR-2: what a statement says is held to the same rules', async () => {
  const server = await startRegistering(trusting())
  const now = server.clock.now()
  for (const [error, claims] of [
    ['invalid_redirect_uri', { redirect_uris: ['javascript:alert(1)'] }],
    ['invalid_client_metadata', { scope: 'read unknown' }],
    ['invalid_client_metadata', { grant_types: ['client_credentials'] }],
  ] as const) {
    const answer = await post(server, { ...webMetadata, software_statement: statement(claimsOf(now, claims)) })
    assert.deepEqual((await refusal(answer)).slice(0, 2), [400, error])
  }
  const own = { first_party: true, introspect_any: true, client_id: 'admin', unapproved: false }
  const client = await registered(server, { ...webMetadata, software_statement: statement(claimsOf(now, own)) })
  const stored = await server.store.clients.find(client.client_id)
  assert.deepEqual([stored?.first_party, stored?.introspect_any, stored?.unapproved], [undefined, undefined, true])
})

test('A2-DCR-11, RFC 7591 §3.2.2: an issuer or a key that is not trusted is unapproved, a bad signature is invalid', async () => {
  const server = await startRegistering(trusting())
  const now = server.clock.now()
  const other = await generateSigningKey('ES256')
  const sent = async (text: unknown) =>
    (await refusal(await post(server, { ...webMetadata, software_statement: text })))[1]
  assert.equal(await sent(statement(claimsOf(now, { iss: 'https://other.example' }))), 'unapproved_software_statement')
  assert.equal(await sent(statement(claimsOf(now), other)), 'unapproved_software_statement')
  const disguised = { ...other, kid: key.kid, publicJwk: { ...other.publicJwk, kid: key.kid } }
  assert.equal(await sent(statement(claimsOf(now), disguised as SigningKey)), 'invalid_software_statement')
  assert.equal(await sent('a.b.c'), 'invalid_software_statement')
  assert.equal(await sent(1), 'invalid_client_metadata')
  const off = await startRegistering()
  const answer = await post(off, { ...webMetadata, software_statement: statement(claimsOf(now)) })
  assert.equal((await refusal(answer))[1], 'unapproved_software_statement')
})

test('RFC 7591 §2.3: statements end: by exp, or by their age where the operator says so', async () => {
  const server = await startRegistering(trusting())
  const forEver = await startRegistering(trusting({ maxAge: 60 }))
  const now = server.clock.now()
  const { exp: _end, ...endless } = claimsOf(now)
  const sent = async (where: typeof server, claims: JwtClaims) =>
    (await post(where, { ...webMetadata, software_statement: statement(claims) })).status
  assert.equal(await sent(server, endless), 400)
  assert.equal(await sent(forEver, endless), 201)
  forEver.clock.advance(100)
  assert.equal(await sent(forEver, endless), 400)
  server.clock.advance(4000)
  assert.equal(await sent(server, claimsOf(now)), 400)
})

test('RFC 7591 §2.3: a policy may demand a statement, and an issuer brings a policy of its own', async () => {
  const policies = {
    default: { softwareStatementRequired: true },
    certified: { grantTypes: ['authorization_code', 'client_credentials'], approved: true },
  }
  const server = await startRegistering(trusting({ policy: 'certified' }, { policies }))
  const [, error, description] = await refusal(await post(server, webMetadata))
  assert.deepEqual([error, description], ['invalid_client_metadata', 'software_statement: is required here'])
  const grant_types = ['authorization_code', 'client_credentials']
  const software_statement = statement(claimsOf(server.clock.now(), { grant_types }))
  const client = await registered(server, { software_statement })
  const stored = await server.store.clients.find(client.client_id)
  assert.deepEqual([stored?.registration_policy, stored?.unapproved], ['certified', undefined])
})

test('RFC 7592 §2.2: an update brings the statement again, which still wins, even after its end', async () => {
  const server = await startRegistering(trusting())
  const client = await registered(server, {
    ...webMetadata,
    software_statement: statement(claimsOf(server.clock.now())),
  })
  server.clock.advance(100_000)
  const { software_statement: _gone, ...without } = updateOf(client, { redirect_uris: ['https://evil.example/cb'] })
  assert.match((await refusal(await manage(server, 'PUT', client, without)))[2], /^software_statement: must be sent/)
  const answer = await manage(server, 'PUT', client, updateOf(client, { redirect_uris: ['https://evil.example/cb'] }))
  const after = (await answer.json()) as Record<string, unknown>
  assert.deepEqual(after.redirect_uris, ['https://certified.example/cb'])
  const another = statement(claimsOf(start, { redirect_uris: ['https://other.example/cb'] }))
  const late = await manage(server, 'PUT', client, updateOf(client, { software_statement: another }))
  assert.equal((await refusal(late))[1], 'invalid_software_statement')
})

test('RFC 7591 §2.3, T-SSRF-1: keys of an issuer are fetched from its address, through the guarded door', async () => {
  const remote = { jwksUri: 'https://keys.example/jwks', jwks: undefined as never }
  const resolve = async () => [{ address: '127.0.0.1', family: 4 as const }]
  const server = await startRegistering(trusting(remote), { outgoing: { resolve } })
  const answer = await post(server, { ...webMetadata, software_statement: statement(claimsOf(server.clock.now())) })
  assert.deepEqual((await refusal(answer)).slice(0, 2), [503, 'temporarily_unavailable'])
  const failed = server.events.find(({ type }) => type === 'remote_unavailable')
  assert.match(String(failed?.type === 'remote_unavailable' && failed.error), /forbidden_address/)
})

for (const alg of ['ES256', 'PS256', 'EdDSA'] as const) {
  test(`T-JWT-1 … T-JWT-8: no forged ${alg} software statement registers a client`, async () => {
    const honestKey = await generateSigningKey(alg)
    const limits = {
      registrationFromNetwork: { attempts: 10_000, window: 60 },
      registration: { attempts: 10_000, window: 60 },
    }
    const server = await startRegistering(
      { softwareStatements: [{ issuer, jwks: { keys: [honestKey.publicJwk] }, algorithms: [alg] }] },
      { clock: clock(), limits },
    )
    const now = server.clock.now()
    const honest: HonestJwt = {
      key: honestKey,
      typ: 'JWT',
      otherTypes: [undefined],
      claims: claimsOf(now, { aud: 'https://auth.example' }),
      required: ['iss', 'exp'],
      audienceAmongOthers: true,
    }
    const accepts = async (software_statement: string) =>
      (await post(server, { ...webMetadata, software_statement })).status === 201
    assert.deepEqual(await acceptedAttacks(honest, now, accepts), [])
  })
}
