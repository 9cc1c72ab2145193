import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invalidRequest } from '../core/spec/errors.ts'
import { json } from '../http/response.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/test-server.ts'
import type { Endpoint } from './endpoint.ts'

const job = { client_id: 'job', secret: 'a secret', grant_types: ['client_credentials'] }
const basic = ['job', 'a secret'] as const
const post = (path: string, server: TestServer, form: Record<string, string> = {}) =>
  server.post(path, form, { client: basic })

const start = (endpoints: TestServerOptions['endpoints'], options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({
    clients: [job, { client_id: 'public', grant_types: ['authorization_code'] }],
    ...options,
    ...(endpoints && { endpoints }),
  })

const answering = (name: string, more: Partial<Endpoint> = {}): Endpoint => ({
  name,
  path: `/${name}`,
  methods: { POST: async ({ client }) => json(200, { by: name, client: client?.client_id }) },
  ...more,
})

async function tokenOf(server: TestServer): Promise<string> {
  const answer = await post('/token', server, { grant_type: 'client_credentials' })
  return ((await answer.json()) as { access_token: string }).access_token
}

test('A2-AS-04: endpoints of one name are tried in order, and "continue" passes on to the next', async () => {
  const passing = answering('echo', { methods: { POST: async () => 'continue' } })
  const server = await start([
    passing,
    answering('echo'),
    answering('echo', { methods: { POST: async () => json(201, {}) } }),
  ])
  assert.deepEqual(await (await post('/echo', server)).json(), { by: 'echo' })
})

test('A2-AS-04: when all pass on, the answer is a 404 that says so', async () => {
  const server = await start([answering('echo', { methods: { POST: async () => 'continue' } })])
  const answer = await post('/echo', server)
  assert.equal(answer.status, 404)
  assert.equal(((await answer.json()) as { error: string }).error, 'not_found')
})

test('A2-AS-04: an endpoint of the host comes before introspection, which answers what it passes on', async () => {
  const foreign: Endpoint = {
    name: 'introspection',
    methods: {
      POST: async ({ params }) =>
        params.get('token') === 'foreign' ? json(200, { active: true, foreign: true }) : 'continue',
    },
  }
  const server = await start([foreign])
  assert.deepEqual(await (await post('/introspect', server, { token: 'foreign' })).json(), {
    active: true,
    foreign: true,
  })
  const own = (await (await post('/introspect', server, { token: await tokenOf(server) })).json()) as {
    active: boolean
  }
  assert.equal(own.active, true)
  assert.equal((await server.post('/introspect', { token: 'x' })).status, 401)
})

for (const [clientAuthentication, anonymous, open, confidential] of [
  [false, 200, 200, 200],
  [true, 401, 200, 200],
  ['confidential', 401, 401, 200],
] as const) {
  test(`A2-AS-04: an endpoint with clientAuthentication ${clientAuthentication} lets in whom it should`, async () => {
    const server = await start([answering('echo', { clientAuthentication })])
    assert.equal((await server.post('/echo', {})).status, anonymous)
    assert.equal((await server.post('/echo', { client_id: 'public' })).status, open)
    assert.equal((await post('/echo', server)).status, confidential)
  })
}

test('A2-AS-04: what an endpoint throws is told as JSON, and anything unforeseen is told of by an event', async () => {
  for (const [thrown, status] of [
    [invalidRequest('not_so', 'Not so'), 400],
    [new Error('broken'), 500],
    [undefined, 500],
  ] as const) {
    const server = await start([
      answering('echo', {
        methods: {
          POST: async () => {
            throw thrown
          },
        },
      }),
    ])
    assert.equal((await post('/echo', server)).status, status)
    assert.equal(
      server.events.some(({ type }) => type === 'internal_error'),
      status === 500,
    )
  }
})

for (const returned of [undefined, null, 'x', {}, { status: 200 }, { status: '200', headers: {}, body: '' }]) {
  test(`A2-AS-04: an endpoint that returns ${JSON.stringify(returned)} is a server_error`, async () => {
    const server = await start([answering('echo', { methods: { POST: async () => returned as never } })])
    assert.equal((await post('/echo', server)).status, 500)
  })
}

test('A2-AS-04: an endpoint that takes JSON reads the body by itself; methods it has not are refused', async () => {
  const server = await start([
    answering('echo', { methods: { PUT: async ({ request }) => json(200, JSON.parse(await request.text())) } }),
  ])
  const put = (method: string) =>
    server.send(
      new Request(`${server.origin}/echo`, {
        method,
        body: '{"a":1}',
        headers: { 'content-type': 'application/json' },
      }),
    )
  assert.deepEqual(await (await put('PUT')).json(), { a: 1 })
  const refused = await put('POST')
  assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'PUT'])
})

test('RFC 8414 §2: members that endpoints say of themselves stand in the metadata, with the issuer and its path', async () => {
  const server = await start([answering('echo', { metadata: (url) => ({ echo_endpoint: url }) })], {
    issuer: 'https://auth.example/t1',
  })
  const answer = await server.send(new Request('https://auth.example/.well-known/oauth-authorization-server/t1'))
  assert.equal(((await answer.json()) as { echo_endpoint: string }).echo_endpoint, 'https://auth.example/t1/echo')
  assert.equal((await server.post('/t1/echo', {})).status, 200)
})

test('A2-AS-05: an endpoint answers by its name, whatever the path; an unknown name is a clear error', async () => {
  const server = await start([answering('echo')])
  const request = { ...requestOf('/anywhere'), method: 'POST' }
  assert.equal((await server.provider.handleAt('echo', request)).status, 200)
  assert.equal((await server.provider.handleAt('revocation', request)).status, 401)
  assert.throws(
    () => server.provider.handleAt('nope', request),
    /^TypeError: There is no endpoint "nope"; there are token, /,
  )
})

const requestOf = (path: string) => ({
  method: 'GET',
  target: path,
  path,
  query: '',
  header: (name: string) => (name === 'content-type' ? 'application/x-www-form-urlencoded' : undefined),
  text: async () => '',
  secure: true,
  remoteAddress: undefined,
})

test('A2-AS-08: afterEndpointResponse adds members to an active introspection, never to one that is not', async () => {
  const told: unknown[] = []
  const server = await start([], {
    hooks: {
      afterEndpointResponse: ({ endpoint, client }) => {
        if (endpoint === 'introspection') told.push(client?.client_id)
        return endpoint === 'introspection'
          ? { members: { tier: 'gold', active: 'forged', client_id: 'forged' } }
          : undefined
      },
    },
  })
  const active = (await (await post('/introspect', server, { token: await tokenOf(server) })).json()) as object
  assert.deepEqual(
    { ...active, iat: 0, exp: 0 },
    {
      tier: 'gold',
      active: true,
      client_id: 'job',
      scope: 'read',
      token_type: 'Bearer',
      iat: 0,
      exp: 0,
      iss: 'https://auth.example',
    },
  )
  assert.deepEqual(await (await post('/introspect', server, { token: 'x' })).json(), { active: false })
  assert.deepEqual(told, ['job', 'job'])
})

test('A2-AS-08: endpoint hooks are called for every endpoint, the pages included, by name', async () => {
  const called: string[] = []
  const server = await start([answering('echo')], {
    hooks: { beforeEndpointResponse: ({ endpoint }) => void called.push(endpoint) },
  })
  await post('/echo', server)
  await post('/revoke', server, { token: 'x' })
  await server.agent().get('/sign-out')
  await server.agent().get('/authorize')
  await server.agent().get('/.well-known/oauth-authorization-server')
  assert.deepEqual(called, ['echo', 'revocation', 'sign-out', 'authorize', 'metadata'])
})

for (const [endpoints, message] of [
  [{}, /^endpoints: must be a list/],
  [[{}], /^endpoints: name must be a word such as userinfo/],
  [[answering('echo', { methods: {} })], /^endpoints\.echo: methods must hold functions/],
  [[answering('echo', { methods: { TRACE: async () => 'continue' } as never })], /^endpoints\.echo: methods must hold/],
  [[answering('echo', { path: 'echo' })], /^endpoints\.echo: path must look like \/userinfo, got "echo"/],
  [[{ name: 'echo', methods: answering('echo').methods }], /^endpoints\.echo: the first of this name needs a path/],
  [[answering('echo'), answering('echo', { path: '/other' })], /^endpoints\.echo: is at \/echo already/],
  [[answering('revocation', { path: '/other' })], /^endpoints\.revocation: is at \/revoke already/],
  [[answering('token', { path: '/t' })], /^endpoints\.token: the name is the server's own/],
  [[answering('echo', { path: '/token' })], /^paths: \/token is used by token and echo/],
  [
    [answering('echo', { metadata: () => ({ issuer: 'x' }) })],
    /^endpoints: the metadata member issuer is the server's own/,
  ],
  [
    [answering('echo', { metadata: () => ({ scopes_supported: ['x'] }) })],
    /^endpoints: the metadata member scopes_supported is the server's own/,
  ],
] as const) {
  test(`A2-AS-04: refuses at once an endpoint that cannot be meant: ${message.source}`, async () => {
    await assert.rejects(start(endpoints as never), { name: 'TypeError', message })
  })
}
