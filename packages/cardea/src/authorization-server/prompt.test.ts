import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ada,
  allowed,
  answerTo,
  app,
  authorizeUrl,
  consentHost,
  page,
  refusal,
} from '../../test-support/consent-host.ts'

test('OIDC Core §3.1.2.1: prompt=none is answered without a page, or told to the client', async () => {
  const { server } = await consentHost()
  const codeOf = async (endUser: typeof ada | null) =>
    (await refusal(server.getConsentGrant(page({ prompt: 'none' }), { endUser }))).code
  assert.equal(await codeOf(null), 'login_required')
  assert.equal(await codeOf(ada), 'consent_required')
  await allowed(server)
  assert.equal((await server.getConsentGrant(page({ prompt: 'none' }), { endUser: ada })).prompt, undefined)
})

test('OIDC Core §3.1.2.1: prompt=login is met by a sign-in that came after it was demanded, and by no other', async () => {
  const { server, clock } = await consentHost()
  const signedInBefore = clock.now()
  clock.advance(10)
  const request = page({ prompt: 'login' })
  const first = await server.getConsentGrant(request, { endUser: ada, authTime: signedInBefore })
  assert.deepEqual([first.prompt, first.ticket], ['login', undefined])
  const back = new Request(new URL(first.returnTo, 'https://auth.example'))
  const stale = await server.getConsentGrant(back, { endUser: ada, authTime: signedInBefore })
  assert.deepEqual([stale.prompt, stale.returnTo], ['login', first.returnTo])
  assert.equal((await server.getConsentGrant(back, { endUser: ada })).prompt, 'login')
  clock.advance(5)
  const fresh = await server.getConsentGrant(back, { endUser: ada, authTime: clock.now() })
  assert.deepEqual([fresh.prompt, fresh.ticket !== undefined], ['consent', true])
  const invented = new Request(`${authorizeUrl({ prompt: 'login' })}&cardea_asked_at=0.${'A'.repeat(43)}`)
  assert.equal((await server.getConsentGrant(invented, { endUser: ada, authTime: clock.now() })).prompt, 'login')
})

test('RFC 8707 §2: parameters that may be repeated survive the way through the host’s sign-in page', async () => {
  const { server, store, clock } = await consentHost()
  for (const name of ['a', 'b']) await store.resources.save({ identifier: `https://${name}.example`, name })
  const resources = '&resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example'
  const request = new Request(authorizeUrl({ prompt: 'login' }) + resources)
  const { returnTo } = await server.getConsentGrant(request, { endUser: ada, authTime: clock.now() - 10 })
  assert.deepEqual(new URL(returnTo, 'https://auth.example').searchParams.getAll('resource').length, 2)
  const posted = new Request('https://auth.example/authorize', {
    method: 'POST',
    body: new URLSearchParams(new URL(request.url).search),
  })
  const error = await refusal(server.getConsentGrant(posted, { endUser: ada }))
  const round = await server.handleErrorResponse(posted, error)
  assert.equal(new URLSearchParams(round.headers.get('location') ?? '').getAll('resource').length, 2)
})

test('OIDC Core §3.1.2.1: max_age counts from the sign-in that the host tells of', async () => {
  const { server, clock } = await consentHost()
  const now = clock.now()
  const promptAt = async (authTime?: number) =>
    (
      await server.getConsentGrant(page({ max_age: '60' }), {
        endUser: ada,
        ...(authTime !== undefined && { authTime }),
      })
    ).prompt
  assert.deepEqual(
    [await promptAt(now - 60), await promptAt(now - 61), await promptAt()],
    ['consent', 'login', 'login'],
  )
})

test('RFC 8252 §8.6: a public native client is asked about every time, whatever is remembered', async () => {
  const native = { ...app, application_type: 'native' as const, redirect_uris: ['http://127.0.0.1/cb'] }
  const { server } = await consentHost({}, [native])
  const more = { redirect_uri: 'http://127.0.0.1:5000/cb' }
  const { fields } = await server.getConsentGrant(page(more), { endUser: ada })
  const request = answerTo(fields)
  const grant = await server.getConsentGrant(request, { endUser: ada })
  await server.createAuthorizationResponse(request, { grant, grantUser: ada })
  assert.equal((await server.getConsentGrant(page(more), { endUser: ada })).prompt, 'consent')
})
