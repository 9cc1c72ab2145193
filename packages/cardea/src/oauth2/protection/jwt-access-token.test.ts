import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { api, ask, type RemoteIssuer, startIssuer } from '../../../test-support/remote-issuer.ts'
import { secretSigner } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import { resourceProtector } from '../../resource-protector.ts'
import { acceptedAttacks } from '../../testing/jwt-attacks/index.ts'
import { type JwtAccessTokenOptions, jwtValidator } from './jwt-access-token.ts'

const protectorFor = ({ issuer, remote }: RemoteIssuer, more: Partial<JwtAccessTokenOptions> = {}) =>
  resourceProtector({ jwt: { issuer, audience: api, ...remote, ...more } })

async function start(t: TestContext, more: Partial<JwtAccessTokenOptions> = {}, path?: string) {
  const remote = await startIssuer(t, path)
  const source = protectorFor(remote, more)
  return { ...remote, source, bring: (token: string) => ask(source, `Bearer ${token}`) }
}

async function mustBeInvalid(answer: Response, title: string): Promise<void> {
  assert.equal(answer.status, 401, title)
  assert.equal((await answer.json()).error, 'invalid_token', title)
  assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm=".*", error="invalid_token"/, title)
}

test('A2-JWTAT-06, A2-JWTAT-08, RFC 9068 §4: a token of the issuer is let in, and the handler sees its claims', async (t) => {
  const { bring, token, claims, issuer, clock } = await start(t)
  const answer = await bring(token({ auth_time: 1, acr: 'gold', amr: ['pwd'], tenant: 'blue' }))
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), {
    scheme: 'Bearer',
    clientId: 'app',
    userId: 'u1',
    scope: ['read', 'write'],
    expiresAt: clock.now() + 300,
    issuer,
    claims: claims({ auth_time: 1, acr: 'gold', amr: ['pwd'], tenant: 'blue' }),
  })
})

test('T-JWT-1, T-JWT-2, T-JWT-3, T-JWT-4, T-JWT-6, T-JWT-8, A2-JWTAT-05, A2-JWTAT-06: a resource lets no forged token in', async (t) => {
  const { source, key, claims, clock } = await start(t)
  const required = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']
  const honest = { key, typ: 'at+jwt', claims: claims(), required, audienceAmongOthers: true }
  const accepted = await acceptedAttacks(honest, clock.now(), async (token) => {
    // A line break ends a header, so no token with one ever comes here.
    if (/[\r\n]/.test(token) || !/^[\x20-\x7e]*$/.test(token)) return false
    const answer = await ask(source, `Bearer ${token}`)
    assert(answer.status < 500, `${answer.status} for ${token.slice(0, 100)}`)
    return answer.status === 200
  })
  assert.deepEqual(accepted, [])
})

test('A2-JWTAT-06, RFC 9068 §2.2.1: auth_time, acr and amr of another kind are refused', async (t) => {
  const { bring, token } = await start(t)
  for (const claims of [
    { auth_time: '1' },
    { acr: 1 },
    { amr: 'pwd' },
    { amr: [1] },
    { client_id: 1 },
    { client_id: '' },
    { scope: 1 },
    { scope: [1] },
  ]) {
    await mustBeInvalid(await bring(token(claims)), JSON.stringify(claims))
  }
})

test('RFC 9068 §2.2: a token whose subject is its client is a machine token; scope is optional', async (t) => {
  const { bring, token } = await start(t)
  const machine = await (await bring(token({ sub: 'app', scope: undefined }))).json()
  assert.equal(machine.userId, undefined)
  assert.deepEqual(machine.scope, [])
})

test('RFC 9449 §7.2, RFC 8705 §3: a token that is bound to a key is refused without its proof', async (t) => {
  const { bring, token } = await start(t)
  await mustBeInvalid(await bring(token({ cnf: { jkt: 'x' } })), 'DPoP')
  await mustBeInvalid(await bring(token({ cnf: { 'x5t#S256': 'x' } })), 'certificate')
})

test('RFC 8414 §3.1: the keys are found by the metadata of the issuer, also of one with a path', async (t) => {
  const { bring, token, asked } = await start(t, {}, '/tenant')
  assert.equal((await bring(token())).status, 200)
  assert.equal((await bring(token())).status, 200)
  assert.deepEqual(asked, ['/.well-known/oauth-authorization-server/tenant', '/jwks'])
})

test('OIDC Discovery §4: where there is no other metadata, that of OpenID Connect is taken', async (t) => {
  const { bring, token, asked, documents, issuer } = await start(t, {}, '/tenant')
  const metadata = documents.get('/.well-known/oauth-authorization-server/tenant')
  documents.delete('/.well-known/oauth-authorization-server/tenant')
  documents.set('/tenant/.well-known/openid-configuration', metadata)
  assert.equal((await bring(token())).status, 200, issuer)
  assert.deepEqual(asked.slice(1), ['/tenant/.well-known/openid-configuration', '/jwks'])
})

test('RFC 8414 §3.3: metadata that speaks for another issuer, or names no keys, lets nobody in', async (t) => {
  for (const change of [
    { issuer: 'https://other.example' },
    { issuer: undefined },
    { jwks_uri: undefined },
    { jwks_uri: 'http://10.0.0.1/jwks' },
  ]) {
    const { bring, token, documents } = await start(t)
    const place = '/.well-known/oauth-authorization-server'
    documents.set(place, { ...(documents.get(place) as object), ...change })
    const answer = await bring(token())
    assert.equal(answer.status, 503, JSON.stringify(change))
    assert.equal(answer.headers.get('retry-after'), '5')
    assert.equal((await answer.json()).error, 'temporarily_unavailable')
  }
})

test('A2-JWTAT-06: while the issuer is down nobody gets in by a key that nobody knows, and the answer is 503', async (t) => {
  const events: string[] = []
  const remote = await startIssuer(t)
  const { issuer, documents, token } = remote
  const source = resourceProtector({
    jwt: { issuer, audience: api, ...remote.remote },
    onEvent: ({ type }) => void events.push(type),
  })
  documents.delete('/jwks')
  assert.equal((await ask(source, `Bearer ${token()}`)).status, 503)
  assert.deepEqual(events, ['remote_unavailable'])
})

test('RFC 7517 §5: fixed keys and a given address need no metadata', async (t) => {
  const { token, asked, key, issuer, ...remote } = await startIssuer(t)
  const fixed = protectorFor({ token, asked, key, issuer, ...remote }, { jwks: { keys: [key.publicJwk] } })
  assert.equal((await ask(fixed, `Bearer ${token()}`)).status, 200)
  assert.deepEqual(asked, [])
  const given = protectorFor({ token, asked, key, issuer, ...remote }, { jwksUri: `${issuer}/jwks` })
  assert.equal((await ask(given, `Bearer ${token()}`)).status, 200)
  assert.deepEqual(asked, ['/jwks'])
})

test('A2-JWTAT-06: a key of somebody else, with the name of one of ours, is refused', async (t) => {
  const { bring, token, key } = await start(t)
  const other = await generateSigningKey('ES256')
  await mustBeInvalid(await bring(token({}, 'at+jwt', { ...other, kid: key.kid })), 'same name')
  await mustBeInvalid(await bring(token({}, 'at+jwt', other)), 'own name')
  await mustBeInvalid(await bring(token({}, 'at+jwt', secretSigner('HS256', JSON.stringify(key.publicJwk)))), 'HMAC')
})

test('A2-JWTAT-05: an issuer before RFC 9068 is a choice: its type, its names of claims and what it lacks', async (t) => {
  const { bring, token } = await start(t, {
    types: ['JWT'],
    requiredClaims: ['sub', 'azp'],
    claimNames: { clientId: 'azp', scope: 'scp', roles: 'app_roles' },
  })
  const elsewhere = {
    client_id: undefined,
    scope: undefined,
    jti: undefined,
    azp: 'spa',
    scp: ['read'],
    app_roles: ['admin'],
  }
  const info = await (await bring(token(elsewhere, 'JWT'))).json()
  assert.deepEqual([info.clientId, info.scope, info.roles], ['spa', ['read'], ['admin']])
  await mustBeInvalid(await bring(token(elsewhere)), 'at+jwt was not named')
})

test('RFC 9068 §4: an API may go by several names, and by the algorithms it names only', async (t) => {
  const { bring, token } = await start(t, { audience: [api, 'urn:things'], algorithms: ['ES256'] })
  assert.equal((await bring(token({ aud: 'urn:things' }))).status, 200)
  const { bring: other, token: signed } = await start(t, { algorithms: ['RS256', 'EdDSA'] })
  await mustBeInvalid(await other(signed()), 'ES256 was not named')
})

test('A2-JWTAT-06: options that cannot be meant are a mistake of the program', () => {
  const good: JwtAccessTokenOptions = { issuer: 'https://issuer.example', audience: api }
  const bad: readonly Partial<JwtAccessTokenOptions>[] = [
    { issuer: '' },
    { issuer: 'issuer.example' },
    { issuer: 'https://issuer.example/?a=b' },
    { audience: '' },
    { audience: [] },
    { algorithms: [] },
    { algorithms: ['HS256'] },
  ]
  for (const options of bad)
    assert.throws(() => jwtValidator({ ...good, ...options }), TypeError, JSON.stringify(options))
})
