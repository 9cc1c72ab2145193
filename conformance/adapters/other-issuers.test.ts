import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resourceProtector } from 'cardea'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { listen } from '../servers/listen.ts'
import { messageHosts, type Person, requestHosts } from './people-hosts.ts'

const issuer = 'https://issuer.example'
const audience = 'https://api.example'
const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] }

/** As another author's authorization server signs it (RFC 9068 §2). */
const tokenOf = (groups: readonly string[]): Promise<string> =>
  new SignJWT({ client_id: 'app', scope: 'read', groups })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('u1')
    .setJti('j1')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)

const accepted = resourceProtector<Person>({
  jwt: { issuer, audience, jwks },
  users: (id) => ({ id, shoeSize: 42 }),
})
const need = { scope: 'read', groups: ['staff', 'board'] }

async function tryAll(ask: (headers: Record<string, string>) => Promise<Response>): Promise<void> {
  const bearer = async (...groups: string[]) => ({ authorization: `Bearer ${await tokenOf(groups)}` })
  const answer = await ask(await bearer('staff'))
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), { size: 42 })
  assert.equal((await ask(await bearer('others'))).status, 403)
  assert.equal((await ask({ authorization: 'Bearer x' })).status, 401)
  const nothing = await ask({})
  assert.equal(nothing.status, 401)
  assert.equal(nothing.headers.get('www-authenticate'), `Bearer realm="${issuer}"`)
}

for (const [name, listenerFor] of Object.entries(messageHosts(accepted, need))) {
  test(`A2-RP-11, A2-JWTAT-07: ${name}: tokens of another issuer protect a route, with the users of the host`, async (t) => {
    const listener = await listenerFor(t)
    const listening = await listen(async () => listener)
    t.after(() => listening.close())
    await tryAll((headers) => fetch(`http://127.0.0.1:${listening.port}/`, { headers }))
  })
}

for (const [name, handler] of Object.entries(requestHosts(accepted, need))) {
  test(`A2-RP-11, A2-JWTAT-07: ${name}: tokens of another issuer protect a route, with the users of the host`, async () => {
    await tryAll(async (headers) => handler(new Request('https://api.example/', { headers })))
  })
}
