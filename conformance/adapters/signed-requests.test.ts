import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hmacSha256, ResourceProtector, type ResourceProtectorOptions, signRequest } from 'cardea/oauth1'
import { fakeClock } from 'cardea/testing'
import { listen } from '../servers/listen.ts'
import { messageHosts, type Person, requestHosts } from './people-hosts.ts'

const origin = 'http://localhost'
const clock = fakeClock()
const asked: string[] = []
const seen = new Set<string>()
const options: ResourceProtectorOptions<Person> = {
  issuer: origin,
  clock,
  secrets: ['secrets of the host in tests, long enough'],
  clients: { find: (clientId) => (clientId === 'printer' ? { clientId, secret: 'printer-secret' } : undefined) },
  tokens: {
    save: () => assert.fail('nothing is issued here'),
    find: (token) => {
      const [userId = '', scope = ''] = token.split(' ')
      return { clientId: 'printer', userId, scope, secret: `${token}-secret` }
    },
  },
  claimNonce: (key) => {
    if (seen.has(key)) return 'seen'
    seen.add(key)
    return 'first'
  },
  users: {
    find: (id) => {
      asked.push(id)
      return id === 'gone' ? undefined : { id, shoeSize: 42 }
    },
  },
}
const accepted = new ResourceProtector<Person>(options)

let nonces = 0

/** The address that the client sees is that of the issuer. */
function signed(token: string, path = '/'): Record<string, string> {
  nonces += 1
  const { headers } = signRequest(
    { method: 'GET', url: origin + path },
    {
      consumerKey: 'printer',
      signatureMethod: hmacSha256,
      timestamp: clock.now(),
      nonce: `nonce-${nonces}`,
      token,
      keys: { clientSecret: 'printer-secret', tokenSecret: `${token}-secret` },
    },
  )
  return { ...headers }
}

async function tryAll(ask: (headers: Record<string, string>) => Promise<Response>): Promise<void> {
  const once = signed('u1 read')
  asked.length = 0
  const answer = await ask(once)
  assert.deepEqual([answer.status, await answer.json()], [200, { size: 42 }])
  assert.deepEqual(asked, ['u1'], 'one question for the user')
  const again = await ask(once)
  assert.deepEqual([again.status, (await again.json()).error], [401, 'invalid_nonce'])
  const refusals = [
    [signed('u1 write'), 403, 'insufficient_scope'],
    [signed('gone read'), 401, 'invalid_token'],
    [signed('u1 read', '/other'), 401, 'invalid_signature'],
    [{}, 401, 'missing_required_parameter'],
    [{ authorization: 'Bearer x' }, 401, 'missing_required_parameter'],
  ] as const
  for (const [headers, status, error] of refusals) {
    const refused = await ask(headers)
    assert.deepEqual([refused.status, (await refused.json()).error], [status, error])
    assert.equal(refused.headers.get('www-authenticate'), `OAuth realm="${origin}"`)
  }
}

for (const [name, listenerFor] of Object.entries(messageHosts(accepted, 'read'))) {
  test(`A1-RES-03, RFC 5849 §3.2: ${name}: ResourceProtector of cardea/oauth1 protects a route, with the users of the host`, async (t) => {
    const listener = await listenerFor(t)
    const listening = await listen(async () => listener)
    t.after(() => listening.close())
    await tryAll((headers) => fetch(`http://127.0.0.1:${listening.port}/`, { headers }))
  })
}

for (const [name, handler] of Object.entries(requestHosts(accepted, 'read'))) {
  test(`A1-RES-03, RFC 5849 §3.2: ${name}: ResourceProtector of cardea/oauth1 protects a route, with the users of the host`, async () => {
    await tryAll(async (headers) => handler(new Request(`${origin}/`, { headers })))
  })
}

test('A1-RES-03: a need that credentials of OAuth 1 cannot meet throws at once', () => {
  for (const need of [{ groups: 'board' }, { scope: 'read', acr: 'gold' }, {}, [], '', { scope: '' }])
    assert.throws(() => accepted.protect(need), TypeError, JSON.stringify(need))
  for (const need of [undefined, 'read', ['read', 'write'], { scope: 'read' }]) accepted.protect(need)
})
