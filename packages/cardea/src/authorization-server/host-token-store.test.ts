import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ada,
  allowed,
  app,
  consentHost,
  postTo,
  redeem,
  refusal,
  type Tokens,
  tokensFor,
} from '../../test-support/consent-host.ts'
import { tokenTable } from '../../test-support/token-table.ts'
import type { AuthorizationServerOptions } from '../index.ts'

type Host = Awaited<ReturnType<typeof hostWithTokens>>

async function hostWithTokens(options: Partial<AuthorizationServerOptions> = {}) {
  const tokens = tokenTable()
  const machine = { client_id: 'machine', secret: 'its secret', grant_types: ['client_credentials'] }
  const host = await consentHost({ ...(options as object), tokens }, [app, machine])
  return { ...host, tokens }
}

const refresh = ({ server }: Host, token: string): Promise<Response> =>
  server.createTokenResponse(postTo('/token', { grant_type: 'refresh_token', client_id: 'app', refresh_token: token }))

async function isActive({ server }: Host, { access_token }: Pick<Tokens, 'access_token'>): Promise<boolean> {
  const request = new Request('https://auth.example/me', { headers: { authorization: `Bearer ${access_token}` } })
  return server.validateRequest(request, undefined).then(
    () => true,
    () => false,
  )
}

async function machineToken({ server }: Host): Promise<Tokens> {
  const request = postTo('/token', { grant_type: 'client_credentials', scope: 'read' })
  request.headers.set('authorization', `Basic ${btoa('machine:its secret')}`)
  return (await (await server.createTokenResponse(request)).json()) as Tokens
}

test('A2-MODEL-04, A2-MODEL-06: the host’s table gets one row for what is issued together, as digests', async () => {
  const host = await hostWithTokens()
  const issued = await tokensFor(host.server)
  const [row] = host.tokens.rows
  assert.deepEqual(
    [host.tokens.rows.length, row?.client_id, row?.user_id, row?.scope, row?.expires_in, row?.revoked],
    [1, 'app', String(ada.id), 'read write', 3600, false],
  )
  const kept = JSON.stringify(host.tokens.rows)
  assert.ok(!kept.includes(issued.access_token) && !kept.includes(issued.refresh_token))
  assert.equal(await isActive(host, issued), true)
})

test('A2-CODE-09, A2-CODE-10: over the host’s table a code buys once, and a replay ends what it bought', async () => {
  const host = await hostWithTokens()
  const code = (await allowed(host.server)).searchParams.get('code') ?? ''
  const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(host.server, code)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array<number>(7).fill(400)])
  const winner = (await answers.find(({ status }) => status === 200)?.json()) as Tokens
  assert.equal(await isActive(host, winner), false)
  assert.deepEqual(
    host.tokens.rows.map(({ revoked }) => Boolean(revoked)),
    [true],
  )
})

test('A2-RT-05: over the host’s table a refresh token is replaced once, and its reuse ends the family', async () => {
  const host = await hostWithTokens()
  const first = await tokensFor(host.server)
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(host, first.refresh_token)))
  const issued = (await Promise.all(answers.map((answer) => answer.json()))) as Tokens[]
  assert.equal(new Set(issued.map(({ refresh_token }) => refresh_token)).size, 1, 'the family did not fork')
  const [next] = issued as [Tokens]
  assert.equal(await isActive(host, next), true)
  host.clock.advance(60)
  assert.equal((await refresh(host, first.refresh_token)).status, 400)
  assert.equal((await refresh(host, next.refresh_token)).status, 400)
  assert.equal(await isActive(host, next), false)
})

test('A2-RT-08: refreshing can end earlier access tokens in the host’s table', async () => {
  const host = await hostWithTokens({ compatibility: { refreshEndsAccessTokens: true } })
  const first = await tokensFor(host.server)
  const next = (await (await refresh(host, first.refresh_token)).json()) as Tokens
  assert.deepEqual([await isActive(host, first), await isActive(host, next)], [false, true])
})

test('RFC 7009 §2.1: an access token is revoked alone, a refresh token with everything that comes from it', async () => {
  const host = await hostWithTokens()
  const revoke = (token: string) =>
    host.server.createEndpointResponse('revocation', postTo('/revoke', { client_id: 'app', token }))
  const first = await tokensFor(host.server)
  await revoke(first.access_token)
  assert.equal(await isActive(host, first), false)
  const next = (await (await refresh(host, first.refresh_token)).json()) as Tokens
  assert.equal(await isActive(host, next), true)
  await revoke(next.refresh_token)
  assert.deepEqual([await isActive(host, next), (await refresh(host, next.refresh_token)).status], [false, 400])
})

test('A2-MODEL-04: a row that the host marks as revoked by itself is worth nothing, both tokens of it', async () => {
  const host = await hostWithTokens()
  const issued = await tokensFor(host.server)
  host.tokens.rows.splice(0, 1, { ...(host.tokens.rows[0] as (typeof host.tokens.rows)[0]), revoked: 1 })
  assert.deepEqual([await isActive(host, issued), (await refresh(host, issued.refresh_token)).status], [false, 400])
})

test('A2-CC-01: a machine’s token is a row that stands alone, and ends with its client', async () => {
  const host = await hostWithTokens()
  const issued = await machineToken(host)
  const [row] = host.tokens.rows
  assert.deepEqual([row?.authorization_id, row?.refresh_token, row?.user_id], [null, null, null])
  assert.equal(await isActive(host, issued), true)
  const client = await host.store.clients.find('machine')
  assert.ok(client)
  await host.server.engine.store.clients.save({ ...client, disabled: true })
  await host.server.engine.store.clients.save(client)
  assert.equal(await isActive(host, issued), false, 'a client that comes back does not bring its tokens back')
})

test('A2-MODEL-04: what a user takes back in the store is over in the host’s table', async () => {
  const host = await hostWithTokens()
  const issued = await tokensFor(host.server)
  await host.server.engine.store.authorizations.revokeByUser(String(ada.id), host.clock.now(), 'app')
  assert.deepEqual([await isActive(host, issued), host.tokens.rows[0]?.revoked], [false, 1])
})

test('A2-TOK: expired rows are swept, and lists of operators come from the host’s table', async () => {
  const host = await hostWithTokens()
  await tokensFor(host.server)
  await machineToken(host)
  const { tokens } = host.server.engine.store
  assert.deepEqual(
    (await tokens.listAccess({ clientId: 'machine' }, { limit: 10 })).map(({ token }) => token.clientId),
    ['machine'],
  )
  assert.equal((await tokens.listRefresh({ userId: '1' }, { limit: 10 })).length, 1)
  host.clock.advance(7776000 + 3600)
  while ((await host.server.sweep()) > 0);
  assert.deepEqual(host.tokens.rows, [])
})

test('T-LOG: a table that fails is a failure of the server, and nothing is issued', async () => {
  const broken = { ...tokenTable(), insert: async () => Promise.reject(new Error('the table is away')) }
  const { server } = await consentHost({ tokens: broken })
  const answer = await redeem(server, (await allowed(server)).searchParams.get('code') ?? '')
  assert.deepEqual([answer.status, ((await answer.json()) as { error: string }).error], [500, 'server_error'])
  assert.equal((await refusal(server.validateRequest(new Request('https://auth.example/me'), 'read'))).status, 401)
})
