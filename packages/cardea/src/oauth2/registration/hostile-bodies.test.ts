import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  manage,
  post,
  refusal,
  registered,
  startRegistering,
  updateOf,
  webMetadata,
} from '../../../test-support/registering.ts'
import type { TestServer } from '../../testing/test-server.ts'

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

/** Bodies that are no metadata, by what they are answered with. */
const bodies: readonly (readonly [what: string, body: string, error: string, headers?: Record<string, string>])[] = [
  ['an empty body', '', 'invalid_request'],
  ['blanks', ' \n', 'invalid_request'],
  ['no JSON', 'client_name=x', 'invalid_client_metadata'],
  ['a list', '[]', 'invalid_client_metadata'],
  ['a list of objects', '[{"redirect_uris":["https://app.example/cb"]}]', 'invalid_client_metadata'],
  ['a text', '"x"', 'invalid_client_metadata'],
  ['null', 'null', 'invalid_client_metadata'],
  ['a number', '1e999', 'invalid_client_metadata'],
  ['half of it', '{"redirect_uris":', 'invalid_client_metadata'],
  ['a comment', '{"client_name":"x"}//', 'invalid_client_metadata'],
  ['a member twice', '{"client_name":"a","client_name":"b"}', 'invalid_client_metadata'],
  ['a member twice, spelled otherwise', '{"client_name":"a","client\\u005fname":"b"}', 'invalid_client_metadata'],
  ['a prototype', '{"__proto__":{"first_party":true}}', 'invalid_client_metadata'],
  ['a prototype below', '{"jwks":{"__proto__":{"keys":[]}}}', 'invalid_client_metadata'],
  ['depth', nested(40), 'invalid_client_metadata'],
  ['great depth', nested(10_000), 'invalid_client_metadata'],
  ['size', JSON.stringify({ x: 'x'.repeat(65_600) }), 'invalid_client_metadata'],
  ['another type', JSON.stringify(webMetadata), 'invalid_request', { 'content-type': 'text/plain' }],
  ['a form', 'client_name=x', 'invalid_request', { 'content-type': 'application/x-www-form-urlencoded' }],
  [
    'a type that looks like it',
    JSON.stringify(webMetadata),
    'invalid_request',
    { 'content-type': 'application/jsonp' },
  ],
]

for (const [what, body, error, headers] of bodies) {
  test(`A2-DCR-03, BEAT-01, RFC 7591 §3.1: a body that is ${what} is ${error}`, async () => {
    const server = await startRegistering()
    const answer = await refusal(await post(server, body, headers === undefined ? {} : { headers }))
    assert.deepEqual(answer.slice(0, 2), [400, error])
    assert.deepEqual(await server.store.clients.list({ limit: 9 }), [])
  })
}

test('A2-DCR-03: a type with parameters is JSON, and what is compressed is a 415', async () => {
  const server = await startRegistering()
  const headers = { 'content-type': 'Application/JSON; charset=utf-8', 'content-encoding': 'identity' }
  assert.equal((await post(server, webMetadata, { headers })).status, 201)
  assert.equal((await post(server, webMetadata, { headers: { 'content-encoding': 'gzip' } })).status, 415)
})

async function neverFails(server: TestServer, send: (body: string) => Promise<Response>): Promise<void> {
  const json = fc.json({ maxDepth: 3 })
  const members = fc.constantFrom(
    'redirect_uris',
    'grant_types',
    'jwks',
    'scope',
    'client_name',
    'response_types',
    'software_statement',
    'client_id',
  )
  const metadata = fc.dictionary(members, fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: 'binary' })), {
    noNullPrototype: true,
  })
  const bodies = fc.oneof(
    json,
    metadata.map((value) => JSON.stringify({ ...webMetadata, ...value })),
  )
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const { status } = await send(body)
      assert.ok(status === 201 || status === 200 || status === 400, `${status} for ${body}`)
    }),
    { numRuns: 300 },
  )
  assert.equal(
    server.events.some(({ type }) => type === 'internal_error'),
    false,
  )
}

const limits = {
  registrationFromNetwork: { attempts: 10_000, window: 60 },
  registration: { attempts: 10_000, window: 60 },
}

test('BEAT-01, A2-DCR-13: property: whatever is sent to register or to update, it is done or a 400', async () => {
  const server = await startRegistering({}, { limits })
  await neverFails(server, (body) => post(server, body))
  const client = await registered(server)
  await neverFails(server, (body) => manage(server, 'PUT', client, body))
  assert.equal((await manage(server, 'PUT', client, updateOf(client))).status, 200)
})
