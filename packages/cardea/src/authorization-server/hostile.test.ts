import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ada, answerTo, consentHost, page, postTo, refusal } from '../../test-support/consent-host.ts'
import { type HostClient, ProtocolError } from '../index.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { failingStore } from '../testing/failing-store.ts'

const text = fc.string({ unit: 'binary', maxLength: 60 })
const pairs = fc.array(
  fc.tuple(fc.oneof(fc.constantFrom('client_id', 'scope', 'consent_ticket', 'prompt'), text), text),
)

test('BEAT-01: whatever is asked of the consent verb, it answers, or refuses with a ProtocolError that is answered', async () => {
  const { server } = await consentHost({ limits: { interaction: { attempts: 100_000, window: 60 } } })
  await fc.assert(
    fc.asyncProperty(pairs, pairs, fc.boolean(), fc.boolean(), async (query, form, isPost, isSignedIn) => {
      const address = `https://auth.example/authorize?${new URLSearchParams(query)}`
      const request = new Request(address, isPost ? { method: 'POST', body: new URLSearchParams(form) } : {})
      const error = await refusal(server.getConsentGrant(request.clone(), { endUser: isSignedIn ? ada : null }))
      assert.ok(error instanceof ProtocolError)
      const answer = await server.handleErrorResponse(request, error)
      assert.ok(answer.status < 500 && answer.status >= 300)
      assert.ok(answer.status !== 303 || !/^(?:\/\/|https?:)/.test(answer.headers.get('location') ?? '//'))
    }),
    { numRuns: 300, seed: 749 },
  )
})

test('BEAT-01: whatever the token and endpoint verbs are sent, they answer', async () => {
  const { server } = await consentHost()
  await fc.assert(
    fc.asyncProperty(text, text, fc.constantFrom('token', 'revocation', 'introspection'), async (body, type, name) => {
      const request = new Request('https://auth.example/x', { method: 'POST', body })
      request.headers.set('content-type', type.replace(/[^\x20-\x7e]/g, '') || 'application/x-www-form-urlencoded')
      const answer = await server.createEndpointResponse(name, request)
      assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status))
    }),
    { numRuns: 300, seed: 6749 },
  )
})

test('BEAT-01: models of the host that fail are a failure of the server, told by an event and not to the caller', async () => {
  const broken = {
    find: (): HostClient => {
      throw new Error('the secret of the database is hunter2')
    },
  }
  const { server } = await consentHost({ clients: broken as never })
  const failures: unknown[] = []
  server.on('internal_error', ({ error }) => failures.push(error))
  const token = await server.createTokenResponse(postTo('/token', { grant_type: 'x', client_id: 'app' }))
  assert.deepEqual([token.status, /hunter2/.test(await token.text())], [500, false])
  const request = page()
  const thrown = await server.getConsentGrant(request, { endUser: ada }).catch((error: unknown) => error)
  const shown = await server.handleErrorResponse(request, thrown)
  assert.deepEqual([shown.status, /hunter2/.test(await shown.text())], [500, false])
  assert.equal(failures.length, 2)
})

test('T-DOS: a store that cannot write is a 503 with Retry-After from every verb, and the ticket stays good', async () => {
  const store = failingStore(memoryStore())
  const { server } = await consentHost({ store })
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const request = answerTo(fields)
  const grant = await server.getConsentGrant(request, { endUser: ada })
  for (let call = 1; ; call += 1) {
    store.failAt(call)
    const answer = await server.createAuthorizationResponse(request, { grant, grantUser: ada })
    if (!store.heal()) {
      assert.equal(answer.status, 303)
      break
    }
    assert.deepEqual([answer.status, answer.headers.has('retry-after')], [503, true], `call ${call}`)
  }
  store.failAt(1)
  const opening = page()
  const error = await refusal(server.getConsentGrant(opening, { endUser: ada }))
  assert.equal((await server.handleErrorResponse(opening, error)).status, 503)
})
