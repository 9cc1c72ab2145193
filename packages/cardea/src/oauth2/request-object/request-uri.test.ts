import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outgoingTo } from '../../../test-support/outgoing-answers.ts'
import { beside, byValue, objectOf, outcomeOf, signer, startSigning } from '../../../test-support/signed-requests.ts'

const documentUri = 'https://client.example/request.jwt'
const byUri = (uri: string) => `/authorize?${new URLSearchParams({ client_id: 'shop', request_uri: uri, ...beside })}`
const referring = { ...signer, request_uris: [documentUri] }

test('RFC 9101 §5.2, A2-JAR-06, T-AUZ-15: a registered address is fetched, and nothing else is', async () => {
  const remote = outgoingTo()
  const server = await startSigning({ clients: [referring], outgoing: remote.options })
  remote.answers.set(documentUri, { type: 'application/oauth-authz-req+jwt', body: objectOf(server, { jti: 'j' }) })
  assert.equal(await outcomeOf(server, byUri(documentUri)), 'asked')
  for (const uri of [
    `${documentUri}?x`,
    `${documentUri}#x`,
    'https://client.example/other',
    'http://client.example/request.jwt',
    'https://169.254.169.254/',
    'file:///etc/passwd',
  ])
    assert.equal(await outcomeOf(server, byUri(uri)), 'client invalid_request_uri', uri)
  assert.deepEqual(remote.asked, [documentUri])
  // For a few seconds nobody has us fetch again.
  assert.equal(await outcomeOf(server, byUri(documentUri)), 'asked')
  assert.deepEqual(remote.asked, [documentUri])
})

for (const [what, answer] of [
  ['is not there', { status: 404, type: 'text/html', body: '' }],
  ['leads elsewhere', { status: 302, type: 'text/html', body: '' }],
  ['is of another type', { type: 'text/html', body: 'x' }],
  ['is huge', { type: 'application/jwt', body: 'x'.repeat(100_000) }],
] as const) {
  test(`RFC 9101 §7, A2-JAR-02, A2-JAR-06: a document that ${what} is invalid_request_uri`, async () => {
    const remote = outgoingTo()
    const server = await startSigning({ clients: [referring], outgoing: remote.options })
    remote.answers.set(documentUri, answer)
    assert.equal(await outcomeOf(server, byUri(documentUri)), 'client invalid_request_uri')
    assert.equal(
      server.events.some(({ type }) => type === 'remote_unavailable'),
      true,
    )
  })
}

test('RFC 9101 §7: a document that is no object is invalid_request_object', async () => {
  const remote = outgoingTo()
  const server = await startSigning({ clients: [referring], outgoing: remote.options })
  remote.answers.set(documentUri, { type: 'application/jwt', body: 'a.b.c' })
  assert.equal(await outcomeOf(server, byUri(documentUri)), 'client invalid_request_object')
})

test('RFC 9101 §6.2: keys are found at the jwks_uri of the client, and unreachable ones are told on a page', async () => {
  const remote = outgoingTo()
  const { jwks, ...others } = signer
  const jwksUri = 'https://client.example/jwks'
  const server = await startSigning({ clients: [{ ...others, jwks_uri: jwksUri }], outgoing: remote.options })
  remote.answers.set(jwksUri, { status: 500, type: 'text/html', body: '' })
  const answer = await server.agent().get(byValue(objectOf(server), beside))
  assert.equal(answer.status, 503)
  server.clock.advance(30)
  remote.answers.set(jwksUri, { type: 'application/json', body: JSON.stringify(jwks) })
  assert.equal(await outcomeOf(server, byValue(objectOf(server))), 'asked')
})
