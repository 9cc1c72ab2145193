import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizeAndRedeem } from './browser-flow.ts'
import { createApp } from './fetch/app.ts'
import { startExample } from './started-example.ts'

test('example fetch: a person allows an app, and the API answers it, through the bridge', async () => {
  const { origin, stop } = await startExample('fetch/server.ts')
  try {
    assert.equal((await fetch(`${origin}/time`)).status, 401)
    const { access_token } = await authorizeAndRedeem({
      origin,
      clientId: 'clock-app',
      redirectUri: 'http://127.0.0.1:5000/callback',
      scope: 'time',
      username: 'ada',
      password: 'correct horse',
    })
    const response = await fetch(`${origin}/time`, { headers: { authorization: `Bearer ${access_token}` } })
    const { clientId, userId } = (await response.json()) as { clientId: string; userId: string }
    assert.deepEqual({ clientId, userId }, { clientId: 'clock-app', userId: 'user-ada' })
    assert.equal((await fetch(`${origin}/elsewhere`)).status, 404)
  } finally {
    assert.equal(await stop(), 0)
  }
})

test('example fetch: the app answers in-process, without any server', async () => {
  const app = await createApp('https://auth.example')
  const metadata = await app(new Request('https://auth.example/.well-known/oauth-authorization-server'))
  assert.equal(((await metadata.json()) as { issuer: string }).issuer, 'https://auth.example')
  const refused = await app(new Request('https://auth.example/time'))
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="https://auth.example"')
})
