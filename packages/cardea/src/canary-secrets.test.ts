import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fetchProtector } from './adapters/fetch.ts'
import { digestOf } from './core/crypto/digest.ts'
import { mintClientSecret } from './oauth2/client-auth/client-secret.ts'
import { sqliteStore } from './stores/sqlite/index.ts'
import { authorize, codeFor, pkcePair } from './testing/code-flow.ts'
import { failingStore } from './testing/failing-store.ts'
import { startTestServer, type TestServer } from './testing/test-server.ts'

const user = { id: 'u1', username: 'ada', password: 'canary-password' }
const chosen = ['canary-web', 'canary-chosen-secret'] as const
const minted = ['canary-job', mintClientSecret()] as const
const serverSecret = 'canary-server-secret-0123456789-abcdef'
const wrong = ['canary-wrong-secret', 'canary-wrong-password', 'v'.repeat(43)] as const
const grant_types = ['authorization_code', 'implicit', 'refresh_token', 'client_credentials', 'password']

interface Scene {
  readonly server: TestServer
  readonly store: ReturnType<typeof failingStore>
  /** What must be found nowhere. */
  readonly secrets: Set<string>
  /** Every answer that refuses something, as text. */
  readonly refusals: string[]
  readonly printed: string[]
}

/** Keeps what every refusal says, whoever asked. */
function recordRefusals({ provider }: TestServer, refusals: string[]): void {
  const { handle } = provider
  provider.handle = async (request) => {
    const answer = await handle(request)
    if (answer.status >= 400) refusals.push(JSON.stringify(answer))
    return answer
  }
}

function recordPrinted(t: TestContext, printed: string[]): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    t.mock.method(stream, 'write', (...args: Parameters<typeof write>) => {
      printed.push(String(args[0]))
      return write(...args)
    })
  }
}

async function codeAndTokens({ server, secrets }: Scene): Promise<void> {
  const browser = server.agent()
  await browser.post('/sign-out', {})
  const page = await browser.follow(
    await browser.get(
      `/authorize?response_type=code&client_id=canary-web&state=s&code_challenge=${pkcePair.challenge}&code_challenge_method=S256`,
    ),
  )
  await browser.submit(page, { username: user.username, password: wrong[1], action: 'sign_in' })
  const code = await codeFor(server, user, { client_id: 'canary-web', state: 's' }, { browser })
  for (const cookie of browser.cookies.values()) secrets.add(cookie)
  secrets.add(code)
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  await server.post('/token', { ...form, code_verifier: wrong[2] }, { client: chosen })
  await server.post('/token', form, { client: minted })
  await keep(secrets, await server.post('/token', form, { client: chosen }))
  await server.post('/token', form, { client: chosen })
}

async function keep(secrets: Set<string>, answer: Response): Promise<Record<string, string>> {
  const body = await answer.json()
  for (const name of ['access_token', 'refresh_token']) if (body[name] !== undefined) secrets.add(body[name])
  return body
}

async function refreshAndRevoke({ server, secrets }: Scene): Promise<void> {
  const form = { grant_type: 'password', username: user.username, password: user.password }
  await server.post('/token', { ...form, password: wrong[1] }, { client: chosen })
  const { access_token = '', refresh_token = '' } = await keep(
    secrets,
    await server.post('/token', form, { client: chosen }),
  )
  const refresh = (): Promise<Response> =>
    server.post('/token', { grant_type: 'refresh_token', refresh_token }, { client: chosen })
  await keep(secrets, await refresh())
  await keep(secrets, await refresh())
  const guarded = fetchProtector(server.provider).requireOAuth('write', () => new Response())
  await guarded(new Request('https://api.example', { headers: { authorization: `Bearer ${access_token}` } }))
  await server.post('/introspect', { token: access_token }, { client: chosen })
  await server.post('/revoke', { token: access_token }, { client: minted })
  await server.post('/revoke', { token: access_token }, { client: chosen })
  server.clock.advance(60)
  await refresh()
}

async function otherGrants({ server, secrets }: Scene): Promise<void> {
  await keep(secrets, await server.post('/token', { grant_type: 'client_credentials' }, { client: minted }))
  const sent = await authorize(server, user, { response_type: 'token', client_id: 'canary-web', state: 's' })
  const token = new URLSearchParams(sent.hash.slice(1)).get('access_token')
  assert.ok(token)
  secrets.add(token)
}

/** Secrets in every place where they do not belong. */
async function misplaced({ server, store, secrets }: Scene): Promise<void> {
  for (const secret of [...secrets]) {
    const form = { grant_type: secret, token: secret, scope: secret, code: secret, [secret]: secret }
    await server.post('/token', form, { client: chosen })
    await server.post(`/token/${secret}`, { ...form, client_id: 'canary-web', client_secret: secret })
    await server.post('/introspect', { token: secret, token_type_hint: secret }, { client: ['canary-web', wrong[0]] })
    const query = new URLSearchParams({ client_id: 'canary-web', response_type: secret, access_token: secret })
    await server.agent().get(`/authorize?${query}`)
    await server.agent().get(`/interaction/${encodeURIComponent(secret)}`)
    store.failAt(2)
    await server.post('/token', { grant_type: 'refresh_token', refresh_token: secret }, { client: chosen })
    store.heal()
  }
}

function bytesOf(file: string): string {
  return ['', '-wal', '-journal', '-shm']
    .map((suffix) => file + suffix)
    .filter((name) => existsSync(name))
    .map((name) => readFileSync(name, 'latin1'))
    .join('\n')
}

function mustHoldNone(what: string, text: string, secrets: Iterable<string>): void {
  for (const secret of secrets) assert.equal(text.includes(secret), false, `${what} holds ${secret.slice(0, 24)}…`)
}

test('RFC 6819 §5.1.4.1: no secret reaches the database, an event, a refusal or what is printed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-canary-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'cardea.db')
  const printed: string[] = []
  recordPrinted(t, printed)
  const store = failingStore(await sqliteStore({ file }))
  const server = await startTestServer({
    profile: 'django-oauth2-server',
    store,
    secrets: [serverSecret],
    users: [user],
    clients: [
      { client_id: chosen[0], secret: chosen[1], grant_types, response_types: ['code', 'token'] },
      { client_id: minted[0], secret: minted[1], grant_types },
    ],
  })
  const secrets = new Set([user.password, chosen[1], minted[1], serverSecret, ...wrong, pkcePair.verifier])
  const scene: Scene = { server, store, secrets, refusals: [], printed }
  recordRefusals(server, scene.refusals)
  await codeAndTokens(scene)
  await refreshAndRevoke(scene)
  await otherGrants(scene)
  await misplaced(scene)
  const live = bytesOf(file)
  await store.close()
  const database = live + bytesOf(file)
  const events = JSON.stringify(server.events, (_key, value) =>
    value instanceof Error ? `${value.stack} ${JSON.stringify(value.cause)}` : value,
  )

  assert.ok(secrets.size > 14, `only ${secrets.size} secrets were seen`)
  const token = [...secrets].find((secret) => secret.startsWith('cat_')) ?? ''
  assert.ok(database.includes(digestOf(token)) && database.includes('canary-web'), 'the search finds what is there')
  assert.ok(events.includes('canary-web') && events.includes('refresh_token_reused'))
  assert.ok(scene.refusals.length > 50)
  mustHoldNone('the database', database, secrets)
  mustHoldNone('an event', events, secrets)
  mustHoldNone('a refusal', scene.refusals.join('\n'), secrets)
  mustHoldNone('what is printed', printed.join('\n'), secrets)
})
