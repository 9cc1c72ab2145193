import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from './adapters/fetch.ts'
import type { ProtocolError } from './core/spec/errors.ts'
import type { Protects, ScopeNeed } from './resource-guard.ts'
import { resourceProtector } from './resource-protector.ts'
import { requestOf, signedFor, startOAuth1Server, tokenFor } from './testing/oauth1-flow.ts'

const signature = /^OAuth realm="https:\/\/[^"]+"/
const needs: readonly [ScopeNeed, number, string][] = [
  ['write', 403, 'insufficient_scope'],
  [{ scope: 'read', groups: 'board' }, 403, 'insufficient_scope'],
  [{ roles: 'admin' }, 403, 'insufficient_scope'],
  [{ resource: 'https://other.example/' }, 401, 'invalid_token'],
  [{ acr: 'gold' }, 401, 'insufficient_user_authentication'],
]

async function start() {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const ask = (source: Protects, need: ScopeNeed): Promise<Response> =>
    fetchProtector(source).requireOAuth(
      need,
      () => new Response('in'),
    )(requestOf(signedFor(server, '/photos', { method: 'GET', credentials })))
  return { server, ask }
}

for (const kind of ['provider', 'resourceProtector'] as const) {
  test(`RFC 5849 §3.5.1, RFC 9110 §11.6.1: ${kind}: whoever signed and may not is challenged to sign, not as Bearer alone`, async () => {
    const { server, ask } = await start()
    const source = kind === 'provider' ? server.provider : resourceProtector({ provider: server.provider })
    for (const [need, status, error] of needs) {
      const answer = await ask(source, need)
      assert.deepEqual([answer.status, (await answer.json()).error], [status, error])
      const challenges = answer.headers.get('www-authenticate') ?? ''
      assert.match(challenges, signature, JSON.stringify(need))
      assert.equal(challenges.includes('Bearer'), status === 401, 'other credentials may do where these do not')
      assert.doesNotMatch(challenges, /error=/, 'no error of a token that was not sent')
    }
    assert.equal((await ask(source, 'read')).status, 200)
  })
}

test('RFC 5849 §3.5.1: the host may answer for what a signed request lacks, and learns what that is', async () => {
  const { server, ask } = await start()
  const told: (ProtocolError | undefined)[] = []
  const source = resourceProtector({
    provider: server.provider,
    refusal: (answer, error) => {
      told.push(error)
      return { ...answer, status: 404 }
    },
  })
  for (const need of ['write', { groups: 'board' }]) assert.equal((await ask(source, need)).status, 404)
  assert.deepEqual(
    told.map((error) => error?.reason),
    ['insufficient_scope', 'insufficient_groups'],
  )
})
