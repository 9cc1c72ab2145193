import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { User } from '../core/model/user.ts'
import { authorizationCode } from '../oauth2/token/grants/authorization-code.ts'
import { password } from '../oauth2/token/grants/password.ts'
import { refreshToken } from '../oauth2/token/grants/refresh-token.ts'
import { alice, sendPassword, visit, webApp } from '../testing/authorization-visit.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

const credentials = ['web', 'web-secret'] as const
const clients = [
  webApp,
  { client_id: 'web', secret: 'web-secret', grant_types: ['password', 'refresh_token'], response_types: [] },
]

interface Hosted {
  readonly server: TestServer
  /** What the host answers for the one user it has. */
  answer(user: User | undefined): void
}

async function startHosted(): Promise<Hosted> {
  let user: User | undefined = { id: 'u1', username: 'ada' }
  const find = async (): Promise<User | undefined> => user
  const accounts = { inStore: false, find, authenticate: find }
  const server = await startTestServer({ clients, accounts, grants: [authorizationCode(), password(), refreshToken()] })
  return {
    server,
    answer(next) {
      user = next
    },
  }
}

async function tokensOf({ server }: Hosted): Promise<{ access_token: string; refresh_token: string }> {
  const form = { grant_type: 'password', username: 'ada', password: 'x' }
  return (await server.post('/token', form, { client: credentials })).json()
}

const gone: Readonly<Record<string, User | undefined>> = {
  'no longer there': undefined,
  'still told of, as disabled': { id: 'u1', username: 'ada', disabled: true },
}

for (const [how, user] of Object.entries(gone)) {
  test(`RFC 6749 §6: a host's user who is ${how} gets no new tokens, and the old ones are not active`, async () => {
    const hosted = await startHosted()
    const { access_token, refresh_token } = await tokensOf(hosted)
    hosted.answer(user)
    const form = { grant_type: 'refresh_token', refresh_token }
    const answer = await hosted.server.post('/token', form, { client: credentials })
    assert.deepEqual([answer.status, (await answer.json()).error], [400, 'invalid_grant'])
    for (const token of [access_token, refresh_token]) {
      const told = await hosted.server.post('/introspect', { token }, { client: credentials })
      assert.deepEqual(await told.json(), { active: false })
    }
    hosted.answer({ id: 'u1', username: 'ada' })
    assert.equal((await hosted.server.post('/token', form, { client: credentials })).status, 200)
  })
}

test('T-SES-4: a host that takes the password of a disabled user signs nobody in', async () => {
  const hosted = await startHosted()
  hosted.answer({ id: 'u1', username: 'ada', disabled: true })
  const at = await visit(hosted.server)
  assert.equal((await sendPassword(at, alice.username, alice.password)).status, 400)
})
