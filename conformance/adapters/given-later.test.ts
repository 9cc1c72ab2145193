import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchHandler } from 'cardea/fetch'
import * as onHono from 'cardea/hono'
import { mount, protector } from 'cardea/next'
import { startTestServer } from 'cardea/testing'
import { Hono } from 'hono'
import { clients, job } from './actors.ts'

const origin = 'https://auth.example'
const form = (id: string = job.id): Request =>
  new Request(`${origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: 'wrong' }),
  })

test('adapter: Next.js: a provider given as a function is not made before the first request', async () => {
  const { provider } = await startTestServer({ clients: clients() })
  let made = 0
  const later = async () => {
    made += 1
    return provider
  }
  const { GET } = mount(later)
  const guarded = protector(later).requireOAuth('read', () => new Response('in'))
  assert.equal(made, 0)
  assert.equal((await GET(new Request(`${origin}/.well-known/oauth-authorization-server`))).status, 200)
  assert.equal((await guarded(new Request(`${origin}/read`), {})).status, 401)
  assert.equal(made, 2)
})

test('I10: fetch adapter: a body that the host has read already is told to the host, and answered', async () => {
  const { provider, events } = await startTestServer({ clients: clients() })
  const request = form()
  await request.text()
  assert.equal((await fetchHandler(provider)(request)).status, 500)
  const [event] = events
  assert.match(String(event?.type === 'internal_error' && event.error), /read before/)
})

test('adapter: Hono: away from Node.js the host says whose address counts', async () => {
  const { provider, events } = await startTestServer({ clients: clients() })
  const app = new Hono().use(onHono.mount(provider, { remoteAddress: () => '198.51.100.9' }))
  assert.equal((await app.request(form())).status, 401)
  const [event] = events
  assert.equal(event?.type === 'client_authentication_failed' && event.remoteAddress, '198.51.100.9')
})
