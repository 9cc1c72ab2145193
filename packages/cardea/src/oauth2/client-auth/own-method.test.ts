import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestServer } from '../../testing/index.ts'
import type { ClientAuthMethod } from './method.ts'

/** The host's gateway has authenticated the client and says who it is. */
const gateway: ClientAuthMethod = {
  name: 'gateway_header',
  present(request) {
    const clientId = request.header('x-gateway-client')
    return clientId === undefined ? undefined : { clientId }
  },
  verify: async (_engine, client) => client !== undefined,
}

test('A2-CAUTH-17: a client authentication method of the host works and stands in the metadata', async () => {
  const server = await startTestServer({
    clientAuthMethods: [gateway],
    clients: [{ client_id: 'job', token_endpoint_auth_method: 'gateway_header' }],
  })
  const ask = (headers: Record<string, string>) =>
    server.post('/token', { grant_type: 'client_credentials' }, { headers })
  assert.equal((await ask({ 'x-gateway-client': 'job' })).status, 200)
  assert.equal((await ask({})).status, 401)
  const metadata = (await (await server.agent().get('/.well-known/oauth-authorization-server')).json()) as Record<
    string,
    string[]
  >
  assert.ok(metadata.token_endpoint_auth_methods_supported?.includes('gateway_header'))
})

test('A2-CAUTH-17: nothing but true from a method of the host proves a client, and nothing of it fails the server', async () => {
  for (const answer of ['yes', 1, {}, { client_id: 'job' }, [], undefined, null, 0]) {
    const method = { ...gateway, verify: async () => answer } as unknown as ClientAuthMethod
    const server = await startTestServer({
      clientAuthMethods: [method],
      clients: [{ client_id: 'job', token_endpoint_auth_method: 'gateway_header' }],
    })
    const headers = { 'x-gateway-client': 'job' }
    const { status } = await server.post('/token', { grant_type: 'client_credentials' }, { headers })
    assert.equal(status, 401, JSON.stringify(answer))
  }
})

test('A2-AS-09: authentication of clients and tokens is told by events, without secrets', async () => {
  const server = await startTestServer({ clients: [{ client_id: 'job', secret: 'right' }] })
  const answer = await server.post('/token', { grant_type: 'client_credentials' }, { client: ['job', 'right'] })
  const { access_token } = (await answer.json()) as { access_token: string }
  const guard = server.provider.protect('read')
  const header = (name: string) => (name === 'authorization' ? `Bearer ${access_token}` : undefined)
  const request = {
    method: 'GET',
    target: '/',
    path: '/',
    query: '',
    header,
    text: async () => '',
    secure: true,
    remoteAddress: undefined,
  }
  assert.ok('token' in (await guard(request)))
  const told = server.events.map(({ type }) => type)
  assert.deepEqual(told, ['client_authenticated', 'token_issued', 'token_authenticated'])
  assert.doesNotMatch(JSON.stringify(server.events), new RegExp(access_token))
})

test('A2-CAUTH-01: a client that is registered for a method this server has not is refused, and nothing fails', async () => {
  const client = { client_id: 'job', secret: 'right', token_endpoint_auth_method: 'tls_client_auth' } as const
  const server = await startTestServer({ clients: [client] })
  const body = { client_id: 'job', client_secret: 'right' }
  const asks = [
    () => server.post('/token', { grant_type: 'client_credentials' }, { client: ['job', 'right'] }),
    () => server.post('/token', { grant_type: 'client_credentials', ...body }),
    () => server.post('/token', { grant_type: 'client_credentials', client_id: 'job' }),
    () => server.post('/revoke', { token: 'x' }, { client: ['job', 'right'] }),
    () => server.post('/introspect', { token: 'x', ...body }),
  ]
  for (const ask of asks) {
    const answer = await ask()
    assert.deepEqual([answer.status, ((await answer.json()) as { error: string }).error], [401, 'invalid_client'])
  }
  const metadata = await (await server.agent().get('/.well-known/oauth-authorization-server')).json()
  const { token_endpoint_auth_methods_supported: methods } = metadata as Record<string, string[]>
  assert.ok(methods?.includes('client_secret_basic') && !methods.includes('tls_client_auth'))
  assert.equal(
    server.events.some(({ type }) => type === 'internal_error'),
    false,
  )
})

test('A2-CAUTH-01: two client authentication methods of one name, and what is none, are refused when the provider is made', async () => {
  const basic: ClientAuthMethod = { ...gateway, name: 'client_secret_basic' }
  const cases: [readonly unknown[] | string, RegExp][] = [
    [[gateway, gateway], /^clientAuthMethods: "gateway_header" is there twice/],
    [[basic], /^clientAuthMethods: "client_secret_basic" is there twice/],
    [[{ ...gateway, name: '' }], /^clientAuthMethods: each needs a name/],
    [['gateway'], /^clientAuthMethods: must be a list of client authentication methods/],
    ['gateway', /^clientAuthMethods: must be a list/],
  ]
  for (const [methods, message] of cases) {
    const made = startTestServer({ clientAuthMethods: methods as readonly ClientAuthMethod[] })
    await assert.rejects(made, { name: 'TypeError', message })
  }
})
