import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json } from '../../http/response.ts'
import { alice, allow, decline, requestPath, visitConsent, webApp } from '../../testing/authorization-visit.ts'
import { startTestServer, type TestServerOptions } from '../../testing/test-server.ts'
import type { ResponseMode } from './response-mode.ts'

const direct: ResponseMode = {
  name: 'direct',
  respond: async (redirectUri, fields) => json(200, { redirectUri, ...Object.fromEntries(fields) }),
}
const page = { client_id: 'page', grant_types: ['implicit'], response_types: ['token'] }
const implicit = {
  client_id: 'page',
  response_type: 'token',
  code_challenge: undefined,
  code_challenge_method: undefined,
}

const start = (mode: ResponseMode = direct, options: TestServerOptions = {}) =>
  startTestServer({
    clients: [webApp, page],
    users: [alice],
    responseTypes: ['code', 'token'],
    responseModes: ['query', 'fragment', mode],
    ...options,
  })

test('A2-AS-06: a response mode of the host carries codes, denials and refusals, and stands in the metadata', async () => {
  const server = await start()
  const query = { response_mode: 'direct' }
  const granted = (await (await allow(await visitConsent(server, alice, query))).json()) as Record<string, string>
  assert.match(granted.code ?? '', /^cac_/)
  assert.deepEqual(
    [granted.redirectUri, granted.state, granted.iss],
    ['https://client.example/cb', 'st-1', 'https://auth.example'],
  )
  const denied = (await (
    await decline(await visitConsent(server, alice, { ...query, prompt: 'consent' }))
  ).json()) as object
  assert.equal('error' in denied && denied.error, 'access_denied')
  const refused = (await (await server.agent().get(requestPath({ ...query, scope: 'nonsense' }))).json()) as object
  assert.equal('error' in refused && refused.error, 'invalid_scope')
  const metadata = (await (await server.agent().get('/.well-known/oauth-authorization-server')).json()) as object
  assert.deepEqual('response_modes_supported' in metadata && metadata.response_modes_supported, [
    'query',
    'fragment',
    'direct',
  ])
})

test('A2-AS-06: a mode that is left out of the list is not supported', async () => {
  const answer = await (await start()).agent().get(requestPath({ response_mode: 'form_post' }))
  assert.match(answer.headers.get('location') ?? '', /error=invalid_request/)
})

for (const carriesTokens of [false, true]) {
  test(`RFC 9700 §4.3.2: a token travels by a mode of the host only if that may carry tokens (${carriesTokens})`, async () => {
    const server = await start({ ...direct, carriesTokens })
    const answer = await server.agent().get(requestPath({ ...implicit, response_mode: 'direct' }))
    assert.equal(answer.headers.get('location')?.includes('#error=invalid_request') ?? false, !carriesTokens)
  })
}

test('A2-AS-06: a mode that throws is answered with server_error on a page, and nothing is redirected', async () => {
  const broken: ResponseMode = {
    name: 'direct',
    respond: () => {
      throw new Error('broken')
    },
  }
  const server = await start(broken)
  const answer = await allow(await visitConsent(server, alice, { response_mode: 'direct' }))
  assert.deepEqual([answer.status, answer.headers.has('location')], [500, false])
  assert.equal(server.events.at(-1)?.type, 'internal_error')
})

for (const [modes, message] of [
  [[{ name: 'x' }], /^responseModes: must be names or \{ name, respond \}/],
  [[{ ...direct, name: 'with blanks' }], /^responseModes: must be names/],
  [[{ ...direct, name: 'query' }], /^responseModes: "query" is there twice/],
  [['direct'], /^responseModes: there is no "direct"/],
] as const) {
  test(`A2-AS-06: refuses at once a response mode that cannot be meant: ${message.source}`, async () => {
    await assert.rejects(start(direct, { responseModes: modes as never }), { name: 'TypeError', message })
  })
}
