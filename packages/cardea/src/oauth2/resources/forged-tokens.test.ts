import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { machine, tokens } from '../../../test-support/jwt-resource.ts'
import {
  bare,
  exchangeType,
  kept,
  serverSecret,
  signingKeyOf,
  theBare,
  theKept,
  worker,
  workerSecret,
} from '../../../test-support/unkept-resource.ts'
import { fetchProtector } from '../../adapters/fetch.ts'
import { mcpTokenVerifier } from '../../mcp/token-verifier.ts'
import { acceptedAttacks, type HonestJwt, honestToken, jwtAttacks } from '../../testing/jwt-attacks/index.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'

class Invalid extends Error {}
const invalidToken = (message: string): Error => new Invalid(message)

const start = (): Promise<TestServer> =>
  startTestServer({
    clients: [{ ...worker, introspect_any: true }],
    secrets: [serverSecret],
    tokenExchange: { policy: () => true },
    resources: [theBare, theKept],
    limits: { client: { attempts: 1_000_000, window: 300 } },
  })

interface Scene {
  readonly server: TestServer
  readonly resource: string
  /** Of this server too, and sound. */
  readonly other: string
}

async function posted({ server }: Scene, path: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  const answer = await server.post(path, form, { client: workerSecret })
  assert.ok(answer.status < 500, `${answer.status} at ${path}`)
  return { status: answer.status, ...((await answer.json()) as object) }
}

const exchanged = async (scene: Scene, form: Record<string, string>): Promise<boolean> =>
  (await posted(scene, '/token', { grant_type: exchangeType, ...form })).status === 200

async function isVerified(verifier: ReturnType<typeof mcpTokenVerifier>, token: string): Promise<boolean> {
  try {
    await verifier.verifyAccessToken(token)
    return true
  } catch (error) {
    if (error instanceof Invalid) return false
    throw error
  }
}

const places: Readonly<Record<string, (scene: Scene, token: string) => Promise<boolean>>> = {
  introspection: async (scene, token) => (await posted(scene, '/introspect', { token })).active === true,
  async 'a protected route'({ server }, token) {
    // Nothing else comes in a header.
    if (!/^[\x20-\x7e]*$/.test(token)) return false
    const route = fetchProtector(server.provider).requireOAuth(undefined, () => new Response('in'))
    const headers = { authorization: `Bearer ${token}` }
    const { status } = await route(new Request('https://auth.example/things', { headers }))
    assert.ok(status < 500, String(status))
    return status === 200
  },
  'the verifier of an MCP server in this process': ({ resource, server }, token) =>
    isVerified(mcpTokenVerifier({ resource, invalidToken, provider: server.provider }), token),
  'the subject of an exchange': (scene, subject_token) =>
    exchanged(scene, { subject_token, subject_token_type: accessTokenType }),
  'the subject of an exchange, called a JWT': (scene, subject_token) =>
    exchanged(scene, { subject_token, subject_token_type: jwtType }),
  'the actor of an exchange': (scene, actor_token) =>
    exchanged(scene, {
      subject_token: scene.other,
      subject_token_type: accessTokenType,
      actor_token,
      actor_token_type: accessTokenType,
    }),
}

async function scene(resource: string): Promise<Scene & { readonly honest: HonestJwt }> {
  const server = await start()
  const token = async () =>
    (await tokens(server, { ...machine, resource }, workerSecret as unknown as Parameters<typeof tokens>[2]))
      .access_token
  const [attacked, other] = [await token(), await token()]
  const honest: HonestJwt = {
    key: await signingKeyOf(server),
    typ: 'at+jwt',
    claims: decodeJwt(attacked) as HonestJwt['claims'],
    required: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
  }
  return { server, resource, other, honest }
}

for (const [resource, what] of [
  [kept, 'a row'],
  [bare, 'no row'],
] as const) {
  for (const [name, accepts] of Object.entries(places)) {
    test(`T-JWT-1 to T-JWT-8, BEAT-13: no forged access token that has ${what} holds at ${name}`, async () => {
      const { honest, ...given } = await scene(resource)
      const now = given.server.clock.now()
      assert.deepEqual(await acceptedAttacks(honest, now, (token) => accepts(given, token)), [])
    })
  }

  test(`T-JWT-1 to T-JWT-8, RFC 7009 §2.1: no forged access token that has ${what} revokes the honest one`, async () => {
    const { honest, server } = await scene(resource)
    const revoke = (token: string) => server.post('/revoke', { token }, { client: workerSecret })
    const revoked = () => server.events.filter(({ type }) => type === 'token_revoked').length
    // Without a row there is no audience to compare: only our own key writes another, and its `jti` is meant all the same.
    const isForged = ({ title }: { title: string }) => resource === kept || !title.startsWith('aud ')
    const attacks = (await jwtAttacks(honest, server.clock.now())).filter(isForged)
    for (const { row, title, token } of attacks) {
      assert.ok((await revoke(token)).status < 500, title)
      assert.equal(revoked(), 0, `${row}: ${title}`)
    }
    assert.equal((await revoke(honestToken(honest))).status, 200)
    assert.equal(revoked(), 1)
  })
}
