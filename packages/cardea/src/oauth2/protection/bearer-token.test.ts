import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from '../../adapters/fetch.ts'
import { startTestServer, type TestServerOptions } from '../../testing/index.ts'

const job = ['job', 'secret'] as const

async function start(options: TestServerOptions = {}) {
  const server = await startTestServer({ clients: [{ client_id: 'job', secret: 'secret' }], ...options })
  const issued = await server.post('/token', { grant_type: 'client_credentials' }, { client: job })
  const { access_token } = (await issued.json()) as { access_token: string }
  const resource = fetchProtector(server.provider).requireOAuth(
    'read',
    async (request) => new Response(await request.text()),
  )
  const ask = (method: string, query: string, body?: string, authorization?: string) =>
    resource(
      new Request(`https://api.example/${query}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(authorization !== undefined && { authorization }),
        },
        ...(body !== undefined && { body }),
      }),
    )
  return { ask, token: access_token }
}

test('RFC 6750 §2.3: by default a token in the query or in a form lets nobody in', async () => {
  const { ask, token } = await start()
  assert.equal((await ask('GET', `?access_token=${token}`)).status, 401)
  assert.equal((await ask('POST', '', `access_token=${token}`)).status, 401)
})

test('DJO-RS-01: under the profile the token is taken from header, form or query', async () => {
  const { ask, token } = await start({ profile: 'django-oauth2-server' })
  assert.equal((await ask('GET', '', undefined, `bearer ${token}`)).status, 200)
  assert.equal((await ask('GET', `?access_token=${token}&a=1&a=2`)).status, 200)
  const form = await ask('POST', '', `a=1&a=2&access_token=${token}`)
  assert.equal(form.status, 200)
  assert.equal(await form.text(), `a=1&a=2&access_token=${token}`, 'the handler still reads its body')
})

test('A2-RP-09, RFC 6750 §2: a token in more than one place is refused', async () => {
  const { ask, token } = await start({ profile: 'django-oauth2-server' })
  const twice = [
    ask('GET', `?access_token=${token}`, undefined, `Bearer ${token}`),
    ask('GET', `?access_token=${token}&access_token=${token}`),
    ask('POST', `?access_token=${token}`, `access_token=${token}`),
  ]
  for (const answer of await Promise.all(twice)) {
    assert.equal(answer.status, 400)
    assert.match(answer.headers.get('www-authenticate') ?? '', /error="invalid_request"/)
  }
})

test('DJO-RS-04: under the profile, too, other schemes and odd headers are a challenge and not a failure', async () => {
  const { ask } = await start({ profile: 'django-oauth2-server' })
  for (const header of ['Basic x', 'Bearer', 'Bearer a b c', 'x']) {
    const { status } = await ask('GET', '', undefined, header)
    assert.ok(status === 400 || status === 401, `${header}: ${status}`)
  }
})
