import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const issuer = 'http://localhost:8000'
const env = { CARDEA_ISSUER: issuer, CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }
const now = 1_800_000_000
const secret = 'a chosen secret'
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const stock = 'https://stock.example'

test('RFC 7523 §3, RFC 8693 §2: the server knows the people of a trusted issuer by a claim with their user name', async (t) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', {
    jwtBearer: true,
    tokenExchange: {
      allow: [{ client: 'orders', issuers: ['https://idp.example'], targets: [stock], delegation: true }],
    },
    trustedIssuers: [
      { issuer: 'https://idp.example', jwks: { keys: [await exportJWK(publicKey)] }, usernameClaim: 'email' },
    ],
    resources: [{ identifier: stock, name: 'Stock' }],
    clients: [{ client_id: 'orders', client_secret: secret, grant_types: [jwtBearer, exchange], introspect_any: true }],
    users: [{ username: 'ada@example.com', password: 'correct horse battery' }],
    scopes: [{ name: 'read', is_default: true }],
  })
  const server = await cli.serve('serve --port 0', { env })
  t.after(async () => {
    server.signal('SIGINT')
    await server.done
  })
  const post = async (path: string, form: Record<string, string>) => {
    const headers = { authorization: `Basic ${Buffer.from(`orders:${secret}`).toString('base64')}` }
    const answer = await fetch(server.url + path, { method: 'POST', body: new URLSearchParams(form), headers })
    return (await answer.json()) as Record<string, unknown>
  }
  const assertion = (claims: object) =>
    new SignJWT({ sub: '17', ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setIssuer('https://idp.example')
      .setAudience(issuer)
      .setJti(randomUUID())
      .setExpirationTime(now + 60)
      .sign(privateKey)

  const granted = await post('/token', {
    grant_type: jwtBearer,
    assertion: await assertion({ email: 'Ada@Example.com' }),
  })
  assert.equal((await post('/introspect', { token: String(granted.access_token) })).username, 'ada@example.com')
  for (const claims of [{ email: 'bob@example.com' }, { email: ['ada@example.com'] }, { sub: 'ada@example.com' }]) {
    const answer = await post('/token', { grant_type: jwtBearer, assertion: await assertion(claims) })
    assert.equal(answer.error, 'invalid_grant', JSON.stringify(claims))
  }

  const exchanged = async (more: object) =>
    post('/token', {
      grant_type: exchange,
      subject_token: await assertion({ email: 'ada@example.com' }),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      ...more,
    })
  const bought = await exchanged({ resource: stock })
  const told = await post('/introspect', { token: String(bought.access_token) })
  assert.deepEqual(
    [told.username, told.aud, told.act],
    ['ada@example.com', stock, { sub: 'orders', client_id: 'orders' }],
  )
  // A rule for one resource buys nothing that is good everywhere.
  assert.equal((await exchanged({})).error, 'invalid_target')
})
