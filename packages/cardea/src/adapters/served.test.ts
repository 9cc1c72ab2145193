import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AuthorizationServer } from '../authorization-server/authorization-server.ts'
import { memoryStore } from '../stores/memory/index.ts'
import * as express from './express.ts'
import * as fastify from './fastify.ts'
import { fetchHandler } from './fetch.ts'
import * as hono from './hono.ts'
import * as koa from './koa.ts'
import * as nest from './nest.ts'
import * as next from './next.ts'
import { nodeHandler } from './node.ts'

test('A2-AS-01: every adapter serves an AuthorizationServer whose users and scopes are the host’s own', async () => {
  const server = new AuthorizationServer({
    issuer: 'https://auth.example',
    store: memoryStore(),
    secrets: ['a secret of servers in tests, long enough'],
    scopes: { notes: 'Read your notes' },
    // Neither text ids nor usernames, as ours have.
    users: { find: (id) => (id === '7' ? { id: 7, nickname: 'ada' } : undefined) },
  })
  const verbs = [express.mount, fastify.mount, hono.mount, koa.mount, nest.mount, nodeHandler]
  for (const verb of verbs) assert.equal(typeof verb(server), 'function')
  const { GET } = next.mount(server)
  const answer = await GET(new Request('https://auth.example/no-such-path'))
  assert.equal(answer.status, 404)
  const metadata = await fetchHandler(server)(
    new Request('https://auth.example/.well-known/oauth-authorization-server'),
  )
  assert.deepEqual((await metadata.json()).scopes_supported, ['notes'])
})
