import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JwtClaims } from '../../../core/crypto/jose/jwt-policy.ts'
import { signJwt } from '../../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey, type SigningKey } from '../../../core/crypto/jose/signing-key.ts'
import type { Store } from '../../../core/ports/store.ts'
import { memoryStore } from '../../../stores/memory/index.ts'
import { acceptedAttacks, type HonestJwt } from '../../../testing/jwt-attacks/index.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../../../testing/test-server.ts'
import type { TrustedIssuer } from '../../assertions/trusted-issuer.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const now = 1767225600
const key = await generateSigningKey('ES256')
const own = await generateSigningKey('ES256')
const user = { id: 'u1', username: 'ada', password: 'correct horse' }
const idp = 'https://idp.example'

const trusted = (more: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
  issuer: idp,
  jwks: { keys: [key.publicJwk] },
  ...more,
})

const grants = [grantType, 'client_credentials']
const start = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    jwtBearer: true,
    trustedIssuers: [trusted()],
    users: [user],
    clients: [
      { client_id: 'app', secret: 's', grant_types: grants, jwks: { keys: [own.publicJwk] } },
      { client_id: 'other', secret: 's', grant_types: grants, jwks: { keys: [own.publicJwk] } },
      { client_id: 'phone', grant_types: [grantType] },
      { client_id: 'none', secret: 's' },
      { client_id: 'api', secret: 's', introspect_any: true },
    ],
    limits: { client: { attempts: 1_000_000, window: 300 } },
    ...options,
  })

let count = 0
const claimsOf = (iss: string, more: JwtClaims = {}): JwtClaims => {
  count += 1
  return { iss, sub: 'u1', aud: 'https://auth.example', exp: now + 60, iat: now, jti: `j${count}`, ...more }
}
const by = (signer: SigningKey, claims: JwtClaims, typ = 'JWT'): string => signJwt(signer, { typ, claims })
const fromIdp = (more: JwtClaims = {}, typ?: string): string => by(key, claimsOf(idp, more), typ)
const fromApp = (more: JwtClaims = {}): string => by(own, claimsOf('app', more))

interface Told {
  readonly status: number
  readonly access_token?: string
  readonly refresh_token?: string
  readonly expires_in?: number
  readonly scope?: string
  readonly error?: string
  readonly error_description?: string
}

async function ask(
  server: TestServer,
  assertion: string | undefined,
  form: object = {},
  client?: readonly [string, string],
): Promise<Told> {
  const body = { grant_type: grantType, ...(assertion !== undefined && { assertion }), ...form }
  const answer = await server.post('/token', body, client === undefined ? {} : { client })
  const said = (await answer.json()) as Omit<Told, 'status'>
  return { ...said, status: answer.status }
}

const app = ['app', 's'] as const
const introspect = async (server: TestServer, token: string) =>
  (await server.post('/introspect', { token }, { client: ['api', 's'] })).json()

test('RFC 7523 §2.1, A2-JWTB-03, A2-JWTB-05: an assertion of a trusted issuer buys an access token for its user, and no refresh token', async () => {
  const server = await start({ compatibility: { refreshTokenForEveryGrant: true } })
  const answer = await ask(server, fromIdp(), {}, app)
  assert.equal(answer.status, 200)
  assert.equal(answer.refresh_token, undefined)
  const { sub, client_id, scope, active } = await introspect(server, answer.access_token ?? '')
  assert.deepEqual([active, sub, client_id, scope], [true, 'u1', 'app', 'read'])
})

test('RFC 7523 §2.1: a public client may bring one too, and metadata names the grant', async () => {
  const server = await start()
  assert.equal((await ask(server, fromIdp(), { client_id: 'phone' })).status, 200)
  const metadata = await (
    await server.send(new Request(`${server.origin}/.well-known/oauth-authorization-server`))
  ).json()
  assert.ok(metadata.grant_types_supported.includes(grantType))
})

test('RFC 7523 §3.1, A2-JWTB-06: a client’s own assertion is its authentication too', async () => {
  const server = await start()
  const machine = await ask(server, fromApp({ sub: 'app' }))
  assert.equal(machine.status, 200)
  assert.equal((await introspect(server, machine.access_token ?? '')).sub, undefined)
  assert.equal((await ask(server, by(key, claimsOf('app', { sub: 'app' })))).status, 401)
  assert.equal((await ask(server, by(own, claimsOf('none', { sub: 'none' })))).status, 401)
  assert.equal((await ask(server, fromIdp())).status, 401)
  assert.equal((await ask(server, 'x')).status, 401)
})

test('RFC 7523 §3.1: an assertion is no authentication for anything else', async () => {
  const server = await start()
  const post = (path: string, form: Record<string, string>) => server.post(path, form)
  assert.equal((await post('/token', { grant_type: 'client_credentials', assertion: fromApp() })).status, 401)
  assert.equal((await post('/revoke', { grant_type: grantType, assertion: fromApp(), token: 'x' })).status, 401)
  assert.equal((await post('/introspect', { grant_type: grantType, assertion: fromApp(), token: 'x' })).status, 401)
  const off = await start({ jwtBearer: { ownAssertions: false } })
  assert.equal((await ask(off, fromApp({ sub: 'app' }))).status, 401)
  assert.equal((await ask(off, fromApp({ sub: 'app' }), {}, app)).status, 400)
})

test('A2-JWTB-03, A2-JWTB-06: what a client says for a user needs that user’s consent', async () => {
  const server = await start()
  assert.equal((await ask(server, fromApp(), {}, app)).error, 'invalid_grant')
  const consent = { userId: 'u1', clientId: 'app', scope: ['read'], updatedAt: now }
  await server.store.ledger.commit({ at: now, consent })
  assert.equal((await ask(server, fromApp(), {}, app)).status, 200)
  assert.equal((await ask(server, fromApp(), { scope: 'read write' }, app)).error, 'invalid_grant')
  const asked: unknown[] = []
  const hooked = await start({
    jwtBearer: {
      hasGrantedPermission({ client, userId, scope, claims }) {
        asked.push([client.client_id, userId, scope, claims.iss])
        return claims.iss === 'app'
      },
    },
  })
  assert.equal((await ask(hooked, fromApp(), {}, app)).status, 200)
  assert.equal((await ask(hooked, fromIdp(), {}, app)).error, 'invalid_grant')
  assert.deepEqual(asked, [
    ['app', 'u1', ['read'], 'app'],
    ['app', 'u1', ['read'], idp],
  ])
})

test('RFC 7515 §4.1.4, A2-JWTB-05: of several keys of an issuer the one that kid names counts, and no other', async () => {
  const keys = [key, own].map(({ publicJwk }, index) => ({ ...publicJwk, kid: `k${index}` }))
  const server = await start({ trustedIssuers: [trusted({ jwks: { keys } })] })
  const named = (signer: SigningKey, kid: string) => ask(server, by({ ...signer, kid }, claimsOf(idp)), {}, app)
  assert.deepEqual([(await named(key, 'k0')).status, (await named(own, 'k1')).status], [200, 200])
  for (const kid of ['k1', 'k2', 'K0', 'k0 ']) assert.equal((await named(key, kid)).error, 'invalid_grant', kid)
})

const wrong: readonly (readonly [what: string, assertion: () => string, reason: string])[] = [
  ['no JWT', () => 'x', 'assertion_malformed'],
  ['a payload that is no object', () => `${fromIdp().split('.')[0]}.W10.AAAA`, 'assertion_payload_not_an_object'],
  ['no iss', () => fromIdp({ iss: undefined as never }), 'assertion_wrong_issuer'],
  ['an iss that is no text', () => fromIdp({ iss: 1 as never }), 'assertion_claim_malformed'],
  ['an unknown issuer', () => fromIdp({ iss: 'https://other.example' }), 'assertion_wrong_issuer'],
  ['another client as issuer', () => by(own, claimsOf('other')), 'assertion_wrong_issuer'],
  ['no exp', () => fromIdp({ exp: undefined as never }), 'assertion_claim_missing'],
  ['no aud', () => fromIdp({ aud: undefined as never }), 'assertion_claim_missing'],
  ['no jti', () => fromIdp({ jti: undefined as never }), 'assertion_claim_missing'],
  ['another audience', () => fromIdp({ aud: idp }), 'assertion_wrong_audience'],
  ['the token endpoint as audience', () => fromIdp({ aud: 'https://auth.example/token' }), 'assertion_wrong_audience'],
  ['an exp beyond the bound', () => fromIdp({ exp: now + 3700 }), 'assertion_lifetime_too_long'],
  ['another key', () => by(own, claimsOf(idp)), 'assertion_unknown_key'],
  ['an unknown user', () => fromIdp({ sub: 'nobody' }), 'assertion_wrong_subject'],
  ['another client in client_id', () => fromIdp({ client_id: 'other' }), 'assertion_wrong_subject'],
]
for (const [what, assertion, reason] of wrong) {
  test(`RFC 7523 §3, A2-JWTB-01, A2-JWTB-02, ASK-18: ${what} is invalid_grant`, async () => {
    const server = await start()
    const { status, error, error_description } = await ask(server, assertion(), {}, app)
    assert.deepEqual([status, error, error_description], [400, 'invalid_grant', 'The assertion is not valid'])
    const refused = server.events.find(({ type }) => type === 'request_refused')
    assert.equal(refused?.type === 'request_refused' && refused.reason, reason)
  })
}

test('RFC 7523 §2.1, A2-JWTB-01, A2-JWTB-03: the assertion is required, and the grant has to be registered', async () => {
  const server = await start()
  assert.equal((await ask(server, undefined, {}, app)).error, 'invalid_request')
  assert.equal((await ask(server, fromIdp(), {}, ['none', 's'])).error, 'unauthorized_client')
  assert.equal(
    (await ask(await startTestServer({ clients: [{ client_id: 'app', secret: 's' }] }), fromIdp(), {}, app)).error,
    'unsupported_grant_type',
  )
})

test('A2-JWTB-04, T-JWT-5: an assertion buys once, of a hundred at the same time too', async () => {
  const server = await start()
  const assertion = fromIdp()
  const all = await Promise.all(Array.from({ length: 100 }, () => ask(server, assertion, {}, app)))
  assert.equal(all.filter(({ status }) => status === 200).length, 1)
  const both = fromApp({ sub: 'app' })
  assert.equal((await ask(server, both)).status, 200)
  const asAuthentication = await server.post('/token', {
    grant_type: 'client_credentials',
    client_assertion: both,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
  assert.equal(asAuthentication.status, 401)
})

test('RFC 7523 §3, A2-JWTB-04: assertions without jti where they are taken, and an id still counts once', async () => {
  const server = await start({ jwtBearer: { requireId: false } })
  assert.equal((await ask(server, fromIdp({ jti: undefined as never }), {}, app)).status, 200)
  const assertion = fromIdp()
  assert.equal((await ask(server, assertion, {}, app)).status, 200)
  assert.equal((await ask(server, assertion, {}, app)).error, 'invalid_grant')
})

test('A2-JWTB-06: the host says whom a subject is', async () => {
  const authenticateUser = ({ email }: JwtClaims) => (email === 'ada@example' ? 'u1' : undefined)
  const server = await start({ trustedIssuers: [trusted({ authenticateUser })] })
  assert.equal((await ask(server, fromIdp({ sub: 'x-17', email: 'ada@example' }), {}, app)).status, 200)
  assert.equal((await ask(server, fromIdp({ sub: 'x-17' }), {}, app)).error, 'invalid_grant')
  assert.equal((await ask(server, fromIdp({ sub: 'u1', authenticateUser: 'u1' }), {}, app)).error, 'invalid_grant')
})

test('RFC 7523 §3: clients and scope of a trusted issuer are limited', async () => {
  const server = await start({ trustedIssuers: [trusted({ clients: ['app'], scope: ['write'] })] })
  assert.equal((await ask(server, fromIdp(), {}, ['other', 's'])).error, 'invalid_grant')
  assert.equal((await ask(server, fromIdp(), {}, app)).scope, 'write')
  assert.equal((await ask(server, fromIdp(), { scope: 'read' }, app)).error, 'invalid_scope')
  assert.equal((await ask(server, fromIdp({ scope: 'read' }), {}, app)).error, 'invalid_scope')
  const open = await start()
  assert.equal((await ask(open, fromIdp({ scope: 'write read' }), {}, app)).scope, 'write read')
  assert.equal((await ask(open, fromIdp({ scope: 'write' }), { scope: 'read' }, app)).error, 'invalid_scope')
})

test('draft-ietf-oauth-identity-assertion-authz-grant §4: an identity assertion is taken by its type, for its client', async () => {
  const server = await start({ trustedIssuers: [trusted({ types: ['oauth-id-jag+jwt'] })] })
  const jag = (more: JwtClaims = {}) => fromIdp({ client_id: 'app', scope: 'read', ...more }, 'oauth-id-jag+jwt')
  assert.equal((await ask(server, jag(), {}, app)).status, 200)
  assert.equal((await ask(server, jag({ client_id: 'other' }), {}, app)).error, 'invalid_grant')
  assert.equal((await ask(server, fromIdp(), {}, app)).error, 'invalid_grant')
})

test('RFC 7521 §4.1: hooks and lifetimes hold for this grant too', async () => {
  const seen: string[] = []
  const server = await start({
    lifetimes: { perGrant: { [grantType]: { accessToken: 120 } } },
    hooks: {
      beforeIssueToken: ({ grantType: type }) => {
        seen.push(type)
      },
    },
  })
  assert.equal(Number((await ask(server, fromIdp(), {}, app)).expires_in), 120)
  assert.deepEqual(seen, [grantType])
})

/** So that a forged assertion that got in is not hidden by the jti it was forged with. */
const withoutReplays = (): Store => ({ ...memoryStore(), replay: { claim: async () => 'first' } })

test('T-JWT-1 … T-JWT-8: no forged assertion of a trusted issuer is a grant', async () => {
  const server = await start({ store: withoutReplays() })
  const required = ['iss', 'aud', 'exp', 'jti']
  const honest: HonestJwt = { key, typ: 'JWT', otherTypes: [undefined], claims: claimsOf(idp), required }
  const accepts = async (token: string) => (await ask(server, token, {}, app)).status === 200
  assert.deepEqual(await acceptedAttacks(honest, now, accepts), [])
})

test('T-JWT-1 … T-JWT-8: no forged assertion of a client is a grant, nor its authentication', async () => {
  const server = await start({ store: withoutReplays() })
  const required = ['iss', 'aud', 'exp', 'jti']
  const honest: HonestJwt = {
    key: own,
    typ: 'JWT',
    otherTypes: [undefined],
    claims: claimsOf('app', { sub: 'app' }),
    required,
  }
  assert.deepEqual(await acceptedAttacks(honest, now, async (token) => (await ask(server, token)).status === 200), [])
})

const mistakes: readonly (readonly [what: string, issuers: unknown])[] = [
  ['no keys', [{ issuer: idp }]],
  ['keys twice', [trusted({ jwksUri: 'https://idp.example/jwks' })]],
  ['keys at a private address', [trusted({ jwks: undefined as never, jwksUri: 'https://10.0.0.1/jwks' })]],
  ['keys without https', [trusted({ jwks: undefined as never, jwksUri: 'http://idp.example/jwks' })]],
  ['one issuer twice', [trusted(), trusted()]],
  ['ourselves', [trusted({ issuer: 'https://auth.example' })]],
  ['an HMAC', [trusted({ algorithms: ['HS256'] })]],
  ['an unknown option', [{ ...trusted(), key: 1 }]],
  ['no list', {}],
]
for (const [what, trustedIssuers] of mistakes) {
  test(`trustedIssuers: ${what} is refused before anything starts`, async () => {
    await assert.rejects(start({ trustedIssuers: trustedIssuers as never }), TypeError)
  })
}
