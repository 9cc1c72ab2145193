import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ada,
  allowed,
  answerTo,
  authorizeUrl,
  bob,
  consentHost,
  page,
  redeem,
  refusal,
  sentBack,
} from '../../test-support/consent-host.ts'

test('A2-AS-10: the grant says what to ask, and the answer brings a code for exactly that', async () => {
  const { server } = await consentHost()
  const asked = await server.getConsentGrant(page(), { endUser: ada })
  assert.deepEqual(
    [asked.client.client_id, asked.clientName, asked.redirectHost, asked.scope, asked.prompt, asked.answered],
    ['app', 'app', 'client.example', 'read write', 'consent', false],
  )
  assert.deepEqual(asked.scopes, [
    { name: 'read', description: 'Read your things' },
    { name: 'write', description: 'Change your things' },
  ])
  assert.deepEqual([asked.user, asked.request.payload.state], [ada, 'a state'])
  const sent = await allowed(server)
  assert.deepEqual(
    [sent.origin + sent.pathname, sent.searchParams.get('state'), sent.searchParams.get('iss')],
    ['https://client.example/cb', 'a state', 'https://auth.example'],
  )
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  assert.equal(((await answer.json()) as { scope: string }).scope, 'read write')
})

test('A2-CODE-04, A2-AS-10: a decision against it sends access_denied and the state, and counts as the answer', async () => {
  const { server } = await consentHost()
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const request = answerTo(fields)
  const grant = await server.getConsentGrant(request, { endUser: ada })
  const sent = sentBack(await server.createAuthorizationResponse(request, { grant, grantUser: null }))
  assert.deepEqual([sent.searchParams.get('error'), sent.searchParams.get('state')], ['access_denied', 'a state'])
  const again = await refusal(server.getConsentGrant(answerTo(fields), { endUser: ada }))
  assert.deepEqual([again.reason, again.redirect], ['ticket_spent', undefined])
})

test('A2-AS-11: what the form and the query say besides the ticket changes nothing', async () => {
  const { server } = await consentHost()
  const { fields } = await server.getConsentGrant(page({ scope: 'read' }), { endUser: ada })
  const altered = { redirect_uri: 'https://evil.example/', scope: 'read write', state: 'other', client_id: 'evil' }
  const request = new Request(authorizeUrl(altered), answerTo(fields, altered))
  const grant = await server.getConsentGrant(request, { endUser: ada })
  const sent = sentBack(await server.createAuthorizationResponse(request, { grant, grantUser: ada }))
  assert.deepEqual([sent.host, sent.searchParams.get('state')], ['client.example', 'a state'])
  const answer = await redeem(server, sent.searchParams.get('code') ?? '')
  assert.equal(((await answer.json()) as { scope: string }).scope, 'read')
})

test('A2-AS-11: a query that would be refused by itself does not matter beside a ticket', async () => {
  const { server } = await consentHost()
  for (const query of ['?scope=a&scope=b', '?a=%ZZ', `?${'x=1&'.repeat(300)}`]) {
    const { fields } = await server.getConsentGrant(page(), { endUser: ada })
    const request = new Request(`https://auth.example/authorize${query}`, answerTo(fields))
    const grant = await server.getConsentGrant(request, { endUser: ada })
    assert.equal(grant.returnTo, '/authorize')
    assert.ok(
      sentBack(await server.createAuthorizationResponse(request, { grant, grantUser: ada })).searchParams.has('code'),
    )
  }
})

test('A2-AS-11: an altered, cut or made-up ticket is refused, and nobody is redirected', async () => {
  const { server } = await consentHost()
  const { ticket } = await server.getConsentGrant(page(), { endUser: ada })
  const known = ticket as string
  const other = (await server.getConsentGrant(page(), { endUser: ada })).ticket as string
  const swapped = `${known.split('.')[0]}.${other.split('.')[1]}`
  for (const value of [known.slice(0, -1), `${known}A`, known.split('.')[0] as string, '.', 'x.y', swapped, '%00']) {
    const fields = [{ name: 'consent_ticket', value }]
    const error = await refusal(server.getConsentGrant(answerTo(fields), { endUser: ada }))
    assert.deepEqual([error.reason, error.redirect, error.status], ['ticket_unknown', undefined, 400], value)
  }
})

test('A2-AS-11: another user’s ticket is worth nothing, and stays good for the one it belongs to', async () => {
  const { server } = await consentHost()
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  assert.equal((await refusal(server.getConsentGrant(answerTo(fields), { endUser: bob }))).reason, 'ticket_unknown')
  assert.equal((await server.getConsentGrant(answerTo(fields), { endUser: ada })).answered, true)
})

test('A2-AS-11: an answered ticket is refused, whatever the answer was', async () => {
  const { server } = await consentHost()
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const request = answerTo(fields)
  const grant = await server.getConsentGrant(request, { endUser: ada })
  assert.equal((await server.createAuthorizationResponse(request, { grant, grantUser: ada })).status, 303)
  assert.equal((await refusal(server.getConsentGrant(answerTo(fields), { endUser: ada }))).reason, 'ticket_spent')
  const second = await server.createAuthorizationResponse(request, { grant, grantUser: ada })
  assert.deepEqual([second.status, second.headers.get('location')], [410, null])
})

test('A2-AS-11: a ticket expires, on the page and between page and decision', async () => {
  const { server, clock } = await consentHost({ lifetimes: { interaction: 60 } })
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const grant = await server.getConsentGrant(answerTo(fields), { endUser: ada })
  clock.advance(60)
  assert.equal((await refusal(server.getConsentGrant(answerTo(fields), { endUser: ada }))).reason, 'ticket_expired')
  const late = await server.createAuthorizationResponse(answerTo(fields), { grant, grantUser: ada })
  assert.deepEqual([late.status, late.headers.get('location')], [400, null])
})

test('A2-AS-11: of two decisions at once one wins, an allowance and a denial too', async () => {
  const { server } = await consentHost()
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const decide = async (grantUser: typeof ada | null) => {
    const request = answerTo(fields)
    const grant = await server.getConsentGrant(request, { endUser: ada })
    return server.createAuthorizationResponse(request, { grant, grantUser })
  }
  const grants = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const request = answerTo(fields)
      return { request, grant: await server.getConsentGrant(request, { endUser: ada }) }
    }),
  )
  const answers = await Promise.all(
    grants.map(({ request, grant }, index) =>
      server.createAuthorizationResponse(request, { grant, grantUser: index % 2 === 0 ? ada : null }),
    ),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 410, 410, 410])
  assert.equal((await refusal(decide(ada))).reason, 'ticket_spent')
})

test('A2-AS-11: what was taken from the client between page and decision is not used any more', async () => {
  const { server, store } = await consentHost()
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const client = await store.clients.find('app')
  assert.ok(client)
  await store.clients.save({ ...client, redirect_uris: ['https://client.example/other'] })
  const error = await refusal(server.getConsentGrant(answerTo(fields), { endUser: ada }))
  assert.deepEqual([error.reason, error.redirect], ['client_changed', undefined])
})

test('A2-AS-11: a form without a ticket decides nothing; a posted request is asked for again by GET, on the same page', async () => {
  const { server } = await consentHost()
  const forged = answerTo([], { confirm: 'yes' })
  const error = await refusal(server.getConsentGrant(forged, { endUser: ada }))
  assert.equal(error.reason, 'no_ticket')
  assert.equal((await server.handleErrorResponse(forged, error)).status, 400)
  const posted = new Request('https://auth.example/authorize', {
    method: 'POST',
    body: new URLSearchParams(`${new URL(authorizeUrl()).search}&confirm=yes`),
  })
  const round = await server.handleErrorResponse(
    posted,
    await refusal(server.getConsentGrant(posted, { endUser: ada })),
  )
  assert.match(round.headers.get('location') ?? '', /^\?response_type=code&/)
  const next = new URL(round.headers.get('location') ?? '', 'https://auth.example/authorize')
  assert.equal((await server.getConsentGrant(new Request(next), { endUser: ada })).answered, false)
})

test('A2-AS-10: nothing is granted on the strength of a request alone', async () => {
  const { server } = await consentHost()
  const request = page()
  const grant = await server.getConsentGrant(request, { endUser: ada })
  await assert.rejects(server.createAuthorizationResponse(request, { grant, grantUser: ada }), /nobody was asked/)
  await assert.rejects(server.createAuthorizationResponse(request, { grant, grantUser: bob }), /grantUser/)
  await assert.rejects(server.createAuthorizationResponse(request, { grant: { ...grant }, grantUser: ada }), /grant:/)
  const skipped = await server.createAuthorizationResponse(request, { grant, grantUser: ada, skipConsent: true })
  assert.ok(sentBack(skipped).searchParams.has('code'))
})

test('A2-AS-10: nobody signed in: the grant says login, holds no ticket, and can only be denied', async () => {
  const { server } = await consentHost()
  const grant = await server.getConsentGrant(page(), { endUser: null })
  assert.deepEqual([grant.prompt, grant.ticket, grant.fields, grant.user], ['login', undefined, [], undefined])
  const denied = await server.createAuthorizationResponse(page(), { grant, grantUser: null })
  assert.equal(sentBack(denied).searchParams.get('error'), 'access_denied')
  await assert.rejects(server.getConsentGrant(page(), { endUser: { ...ada, id: Number.NaN } }), /endUser/)
  const blocked = await server.getConsentGrant(page(), { endUser: { ...ada, disabled: 1 } })
  assert.deepEqual([blocked.prompt, blocked.ticket, blocked.user], ['login', undefined, undefined])
})

test('RFC 6749 §3.3: a decision can allow less, never more, and is remembered unless told otherwise', async () => {
  const { server } = await consentHost()
  const decide = async (scope: readonly ('read' | 'write')[], remember: boolean) => {
    const { fields } = await server.getConsentGrant(page(), { endUser: ada })
    const request = answerTo(fields)
    const grant = await server.getConsentGrant(request, { endUser: ada })
    return server.createAuthorizationResponse(request, { grant, grantUser: ada, scope, remember })
  }
  const code = sentBack(await decide(['read'], false)).searchParams.get('code') ?? ''
  assert.equal(((await (await redeem(server, code)).json()) as { scope: string }).scope, 'read')
  assert.equal((await server.getConsentGrant(page(), { endUser: ada })).prompt, 'consent')
  await decide(['read', 'write'], true)
  const request = page()
  const silent = await server.getConsentGrant(request, { endUser: ada })
  assert.equal(silent.prompt, undefined)
  const sent = await server.createAuthorizationResponse(request, { grant: silent, grantUser: ada })
  assert.ok(sentBack(sent).searchParams.has('code'))
  const { fields } = await server.getConsentGrant(page({ scope: 'read' }), { endUser: ada })
  const narrow = answerTo(fields)
  const grant = await server.getConsentGrant(narrow, { endUser: ada })
  await assert.rejects(
    server.createAuthorizationResponse(narrow, { grant, grantUser: ada, scope: ['read', 'write'] }),
    /scope exceeds/,
  )
})

test('A2-AS-17, A2-AS-19: before client and redirect URI are proven, an error has no redirect and is shown', async () => {
  const { server } = await consentHost()
  for (const more of [{ client_id: 'nobody' }, { redirect_uri: 'https://evil.example/' }]) {
    const request = page(more)
    const error = await refusal(server.getConsentGrant(request, { endUser: ada }))
    const answer = await server.handleErrorResponse(request, error)
    assert.deepEqual([error.redirect, answer.status, answer.headers.get('location')], [undefined, 400, null])
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
  }
})

test('A2-AS-22: after that, the error says where the client is told, with the state as it was sent', async () => {
  const { server } = await consentHost()
  const request = page({ scope: 'unheard-of' })
  const error = await refusal(server.getConsentGrant(request, { endUser: ada }))
  assert.deepEqual(error.redirect, {
    ...error.redirect,
    clientId: 'app',
    redirectUri: 'https://client.example/cb',
    state: 'a state',
  })
  const sent = sentBack(await server.handleErrorResponse(request, error))
  assert.deepEqual(
    [sent.host, sent.searchParams.get('error'), sent.searchParams.get('state')],
    ['client.example', 'invalid_scope', 'a state'],
  )
})

test('A2-AS-12: a repeated parameter of the request, and a repeated ticket, are refused', async () => {
  const { server } = await consentHost()
  const twice = new Request(`${authorizeUrl()}&scope=read`)
  assert.equal((await refusal(server.getConsentGrant(twice, { endUser: ada }))).reason, 'repeated_parameter')
  const { fields } = await server.getConsentGrant(page(), { endUser: ada })
  const error = await refusal(server.getConsentGrant(answerTo([...fields, ...fields]), { endUser: ada }))
  assert.equal(error.reason, 'repeated_parameter')
})

test('A2-AS-33: a request that surely came without TLS is refused by the verbs too', async () => {
  const { server } = await consentHost()
  const plain = {
    method: 'GET',
    target: '/authorize',
    path: '/authorize',
    query: new URL(authorizeUrl()).search.slice(1),
    header: () => undefined,
    text: async () => '',
    secure: false,
    remoteAddress: '203.0.113.7',
  }
  assert.equal((await refusal(server.getConsentGrant(plain, { endUser: ada }))).code, 'insecure_transport')
})

test('T-SES: another method than GET and POST is a 405, and HEAD opens nothing', async () => {
  const { server } = await consentHost()
  for (const method of ['HEAD', 'PUT', 'DELETE']) {
    const request = new Request(authorizeUrl(), { method })
    const error = await refusal(server.getConsentGrant(request, { endUser: ada }))
    assert.deepEqual([error.code, error.allow], ['method_not_allowed', ['GET', 'POST']])
  }
})
