import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AuthorizationServer } from '../authorization-server/authorization-server.ts'
import { memoryStore } from '../stores/memory/index.ts'
import * as express from './express.ts'
import * as fastify from './fastify.ts'
import * as fetch from './fetch.ts'
import * as hono from './hono.ts'
import * as koa from './koa.ts'
import * as nest from './nest.ts'
import * as next from './next.ts'
import * as node from './node.ts'

const serverOfHost = () =>
  new AuthorizationServer({
    issuer: 'https://auth.example',
    store: memoryStore(),
    secrets: ['a secret of servers in tests, long enough'],
    scopes: { notes: 'Read your notes' },
    // Neither text ids nor usernames, as ours have.
    users: { find: (id) => (id === '7' ? { id: 7, nickname: 'ada' } : undefined) },
  })

test('A2-AS-01: every adapter serves an AuthorizationServer whose users and scopes are the host’s own', async () => {
  const server = serverOfHost()
  const verbs = [express.mount, fastify.mount, hono.mount, koa.mount, nest.mount, node.mount]
  for (const verb of verbs) assert.equal(typeof verb(server), 'function')
  const { GET } = next.mount(server)
  const answer = await GET(new Request('https://auth.example/no-such-path'))
  assert.equal(answer.status, 404)
  const metadata = await fetch.mount(server)(new Request('https://auth.example/.well-known/oauth-authorization-server'))
  assert.deepEqual((await metadata.json()).scopes_supported, ['notes'])
})

interface Adapter {
  readonly mount: unknown
  readonly oauth: unknown
  readonly protector: (source: ReturnType<typeof serverOfHost>) => object
}

test('A2-RP-11: every adapter exports the same names', () => {
  const adapters: Readonly<Record<string, Adapter>> = { express, fastify, fetch, hono, koa, nest, next, node }
  for (const [name, { mount, oauth, protector }] of Object.entries(adapters)) {
    const guards = protector(serverOfHost())
    assert.deepEqual(Object.keys(guards), ['requireOAuth', 'optionalOAuth'], name)
    for (const verb of [mount, oauth, ...Object.values(guards)]) assert.equal(typeof verb, 'function', name)
  }
})
