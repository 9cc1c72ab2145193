import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer } from './testing/index.ts'

const errorUris = { invalid_client: 'https://docs.example/errors#client', invalid_scope: 'https://docs.example/scope' }

test('RFC 6749 §5.2: an error that has a page is answered with its error_uri, others are not', async () => {
  const server = await startTestServer({ errorUris, clients: [{ client_id: 'job', secret: 'right' }] })
  const wrong = await server.post('/token', { grant_type: 'client_credentials' }, { client: ['job', 'wrong'] })
  assert.equal(((await wrong.json()) as { error_uri?: string }).error_uri, errorUris.invalid_client)
  const missing = await server.post('/token', {}, { client: ['job', 'right'] })
  assert.deepEqual(Object.keys((await missing.json()) as object), ['error', 'error_description'])
})

test('RFC 6749 §4.1.2.1: a redirected error takes its error_uri along', async () => {
  const server = await startTestServer({ errorUris, clients: [{ client_id: 'app', secret: 's', pkce: ['none'] }] })
  const answer = await server.agent().get('/authorize?response_type=code&client_id=app&scope=nothing-known')
  const location = new URL(answer.headers.get('location') ?? '')
  assert.equal(location.searchParams.get('error'), 'invalid_scope')
  assert.equal(location.searchParams.get('error_uri'), errorUris.invalid_scope)
})

test('options: an error_uri for an error there is not, or that is no URL, is refused by its name', async () => {
  const hostile = { invalid_scope: 'javascript:alert(1)' }
  await assert.rejects(startTestServer({ errorUris: hostile }), /errorUris\.invalid_scope: must be an http/)
  await assert.rejects(
    startTestServer({ errorUris: { nonsense: 'https://a.example' } as object }),
    /errorUris\.nonsense/,
  )
})

test('RFC 9110 §9.2.1: HEAD begins and answers nothing where GET can issue a code', async () => {
  const server = await startTestServer({ clients: [{ client_id: 'app', secret: 's', pkce: ['none'] }] })
  for (const path of ['/authorize?response_type=code&client_id=app', '/interaction/any']) {
    const answer = await server.send(new Request(server.origin + path, { method: 'HEAD' }))
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.get('allow'), 'GET, POST')
    assert.deepEqual(answer.headers.getSetCookie(), [])
  }
})
