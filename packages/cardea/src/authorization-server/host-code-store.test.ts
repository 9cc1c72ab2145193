import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeTable } from '../../test-support/code-table.ts'
import { ada, allowed, consentHost, postTo, redeem, type Tokens } from '../../test-support/consent-host.ts'
import { tokenTable } from '../../test-support/token-table.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { replacing } from './replacing.ts'

type Server = Awaited<ReturnType<typeof consentHost>>['server']

const codeIn = async (server: Server): Promise<string> => (await allowed(server)).searchParams.get('code') ?? ''

const isActive = (server: Server, { access_token }: Pick<Tokens, 'access_token'>): Promise<boolean> =>
  server
    .validateRequest(
      new Request('https://auth.example/me', { headers: { authorization: `Bearer ${access_token}` } }),
      undefined,
    )
    .then(
      () => true,
      () => false,
    )

test('A2-CODE-11, A2-MODEL-03: the host’s table gets a code as a digest, with what its redemption is checked against', async () => {
  const codes = codeTable()
  const { server } = await consentHost({ codes })
  const code = await codeIn(server)
  const [row] = codes.rows
  assert.deepEqual(
    [row?.client_id, row?.user_id, row?.scope, row?.redirect_uri, row?.code_challenge_method, row?.spent_at],
    ['app', String(ada.id), 'read write', 'https://client.example/cb', 'S256', null],
  )
  assert.ok(!JSON.stringify(codes.rows).includes(code))
  assert.equal((await redeem(server, code)).status, 200)
  assert.notEqual(codes.rows[0]?.spent_at, null)
})

test('A2-CODE-06: over the host’s table too, another client, another redirect URI and another verifier get nothing', async () => {
  const { server } = await consentHost({ codes: codeTable() })
  const code = await codeIn(server)
  const form = { grant_type: 'authorization_code', client_id: 'app', redirect_uri: 'https://client.example/cb', code }
  for (const wrong of [{ redirect_uri: 'https://client.example/x' }, { code_verifier: 'x'.repeat(43) }, {}]) {
    assert.equal((await server.createTokenResponse(postTo('/token', { ...form, ...wrong }))).status, 400)
  }
  assert.equal((await redeem(server, code)).status, 200, 'a wrong try spends nothing')
})

test('A2-CODE-09, A2-CODE-10: over both tables of the host one redemption wins, and the replays end what it got', async () => {
  const { server } = await consentHost({ codes: codeTable(), tokens: tokenTable() })
  const code = await codeIn(server)
  const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(server, code)))
  const won = answers.filter(({ status }) => status === 200)
  assert.ok(won.length <= 1)
  for (const answer of won) assert.equal(await isActive(server, (await answer.json()) as Tokens), false)
})

test('A2-CODE-10: a replay that comes between spending and saving ends what is saved after it', async () => {
  const store = memoryStore()
  const gate = { waiting: undefined as (() => void) | undefined, shut: false }
  const slow = replacing(store, {
    ledger: {
      async commit(entry) {
        if (gate.shut && entry.authorization !== undefined) {
          gate.shut = false
          await new Promise<void>((resolve) => {
            gate.waiting = resolve
          })
        }
        return store.ledger.commit(entry)
      },
    },
  })
  const { server } = await consentHost({ store: slow, codes: codeTable() })
  const code = await codeIn(server)
  gate.shut = true
  const first = redeem(server, code)
  while (gate.waiting === undefined) await new Promise(setImmediate)
  assert.equal((await redeem(server, code)).status, 400)
  gate.waiting()
  assert.equal((await first).status, 400)
  const [family] = await store.authorizations.list({ clientId: 'app' }, { limit: 10 })
  assert.notEqual(family?.revokedAt, undefined)
})

test('A2-CODE-06: codes that nobody redeemed go with the user’s revocation, and when they expire', async () => {
  const codes = codeTable()
  const { server, clock } = await consentHost({ codes })
  const code = await codeIn(server)
  await server.engine.store.authorizations.revokeByUser(String(ada.id), clock.now(), 'app')
  assert.equal((await redeem(server, code)).status, 400)
  const late = await codeIn(server)
  clock.advance(60)
  assert.equal((await redeem(server, late)).status, 400)
  clock.advance(1)
  while ((await server.sweep()) > 0);
  assert.deepEqual(codes.rows, [])
})
