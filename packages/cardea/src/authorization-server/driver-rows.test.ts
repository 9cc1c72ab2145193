import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeTable } from '../../test-support/code-table.ts'
import { allowed, consentHost, postTo, redeem, type Tokens, tokensFor } from '../../test-support/consent-host.ts'
import { tokenTable } from '../../test-support/token-table.ts'
import type { CodeRow, HostCodes, HostTokens, TokenRow } from '../index.ts'

/** As drivers give rows that SQL keeps well: big integers as text, JSON parsed, what is null left out. */
const driven = <Row>(row: object): Row =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'number' ? String(value) : value])
      .map(([name, value]) => [name, ['details', 'facts'].includes(name as string) ? JSON.parse(value) : value]),
  ) as Row

const read = <Row extends object>(row: Row | undefined | null): Row | undefined =>
  row == null ? undefined : driven<Row>(row)

function drivenTables() {
  const codes = codeTable()
  const tokens = tokenTable()
  const tables = {
    codes: { ...codes, find: async (digest) => read(await codes.find(digest)) } satisfies HostCodes,
    tokens: {
      ...tokens,
      findByAccessToken: async (digest) => read(await tokens.findByAccessToken(digest)),
      findByRefreshToken: async (digest) => read(await tokens.findByRefreshToken(digest)),
    } satisfies HostTokens,
  }
  return { tables, rows: { codes: codes.rows, tokens: tokens.rows } }
}

type Server = Awaited<ReturnType<typeof consentHost>>['server']

const userOf = async (server: Server, token: string): Promise<string | undefined | 'refused'> => {
  const headers = { authorization: `Bearer ${token}` }
  const request = new Request('https://auth.example/me', { headers })
  return server.validateRequest(request, undefined).then(
    ({ userId }) => userId,
    () => 'refused',
  )
}

const refreshed = (server: Server, refresh_token: string): Promise<Response> =>
  server.createTokenResponse(postTo('/token', { grant_type: 'refresh_token', client_id: 'app', refresh_token }))

test('A2-MODEL-03, A2-MODEL-04: rows are read as drivers give them: numbers as text, JSON parsed, null left out', async () => {
  const { server, clock } = await consentHost(drivenTables().tables)
  const issued = await tokensFor(server)
  assert.equal(await userOf(server, issued.access_token), '1')
  const next = (await (await refreshed(server, issued.refresh_token)).json()) as Tokens
  assert.equal(await userOf(server, next.access_token), '1')
  clock.advance(3600)
  assert.equal(
    await userOf(server, next.access_token),
    'refused',
    'it ends when it should, and not in a thousand years',
  )
  clock.advance(365 * 86_400)
  assert.equal((await refreshed(server, next.refresh_token)).status, 400)
})

test('A2-CODE-10: a spent code is known for one in a row as drivers give it', async () => {
  const { server } = await consentHost(drivenTables().tables)
  const code = (await allowed(server)).searchParams.get('code') ?? ''
  const { access_token } = (await (await redeem(server, code)).json()) as Tokens
  assert.equal((await (await redeem(server, code)).json()).error, 'invalid_grant')
  assert.equal(await userOf(server, access_token), 'refused')
})

test('A2-MODEL-04: the token of a machine has no user, whether its column is null or left out', async () => {
  const machine = { client_id: 'machine', secret: 'its secret', grant_types: ['client_credentials'] }
  const { server } = await consentHost(drivenTables().tables, [machine])
  const request = postTo('/token', { grant_type: 'client_credentials', scope: 'read' })
  request.headers.set('authorization', `Basic ${btoa('machine:its secret')}`)
  const { access_token } = (await (await server.createTokenResponse(request)).json()) as Tokens
  assert.equal(await userOf(server, access_token), undefined)
})

const ends = ['issued_at', 'expires_in'] as const satisfies readonly (keyof TokenRow)[]

for (const column of ends) {
  test(`A2-MODEL-04: a token whose ${column} cannot be read is worth nothing`, async () => {
    const { rows, tables } = drivenTables()
    const { server } = await consentHost(tables)
    const { access_token } = await tokensFor(server)
    for (const value of [null, 'never', '']) {
      rows.tokens[0] = { ...(rows.tokens[0] as TokenRow), [column]: value }
      assert.equal(await userOf(server, access_token), 'refused', JSON.stringify(value))
    }
  })
}

test('A2-CODE-06: a code whose end cannot be read is worth nothing', async () => {
  const { rows, tables } = drivenTables()
  const { server } = await consentHost(tables)
  const code = (await allowed(server)).searchParams.get('code') ?? ''
  rows.codes[0] = { ...(rows.codes[0] as CodeRow), expires_at: Number.NaN }
  assert.equal((await redeem(server, code)).status, 500)
})
