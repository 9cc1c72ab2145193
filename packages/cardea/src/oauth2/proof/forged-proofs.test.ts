import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, machine, startDpop } from '../../../test-support/dpop-client.ts'
import { asked, shopSecret } from '../../../test-support/pushing.ts'
import { fetchProtector } from '../../adapters/fetch.ts'
import { digestOf } from '../../core/crypto/digest.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import type { Store } from '../../core/ports/store.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { acceptedAttacks, acceptedReplays, type HonestJwt } from '../../testing/jwt-attacks/index.ts'
import type { TestServer } from '../../testing/test-server.ts'

const key = await generateSigningKey('ES256')

interface Place {
  readonly honest: HonestJwt
  accepts(proof: string): Promise<boolean>
}

const proofFor = (server: TestServer, htm: string, htu: string, more: object = {}): HonestJwt => ({
  key,
  typ: 'dpop+jwt',
  claims: { jti: 'x', htm, htu, iat: server.clock.now(), ...more } as HonestJwt['claims'],
  required: ['jti', 'htm', 'htu', 'iat', ...Object.keys(more)],
  keyInHeader: true,
})

/** Nothing else comes in a header. */
const isHeader = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

function posting(server: TestServer, path: string, form: Readonly<Record<string, string>>): Place {
  return {
    honest: proofFor(server, 'POST', `https://auth.example${path}`),
    async accepts(dpop) {
      if (!isHeader(dpop)) return false
      const answer = await server.post(path, form, { client: shopSecret, headers: { dpop } })
      assert.ok(answer.status < 500, `${answer.status} for ${dpop.slice(0, 100)}`)
      return answer.status < 300
    },
  }
}

/** A token that is bound to the key that the attacks sign with. */
async function boundToken(server: TestServer): Promise<string> {
  const { claims } = proofFor(server, 'POST', 'https://auth.example/token')
  const dpop = signJwt(key, { typ: 'dpop+jwt', header: { jwk: key.publicJwk }, claims: { ...claims, jti: 'first' } })
  const answer = await server.post('/token', machine, { client: shopSecret, headers: { dpop } })
  return (await bodyOf(answer)).access_token
}

async function atResource(server: TestServer): Promise<Place> {
  const token = await boundToken(server)
  const resource = fetchProtector(server.provider).requireOAuth(undefined, () => new Response('in'))
  return {
    honest: proofFor(server, 'GET', 'https://auth.example/things', { ath: digestOf(token) }),
    async accepts(dpop) {
      if (!isHeader(dpop)) return false
      const headers = { authorization: `DPoP ${token}`, dpop }
      const answer = await resource(new Request('https://auth.example/things', { headers }))
      assert.ok(answer.status < 500, `${answer.status} for ${dpop.slice(0, 100)}`)
      return answer.status === 200
    },
  }
}

const places: readonly (readonly [name: string, place: (server: TestServer) => Place | Promise<Place>])[] = [
  ['the token endpoint', (server) => posting(server, '/token', machine)],
  ['a pushed request', (server) => posting(server, '/par', asked)],
  ['a protected resource', atResource],
]

const start = (store: Store): Promise<TestServer> =>
  startDpop({ store, pushedRequests: true, limits: { client: { attempts: 1_000_000, window: 300 } } })

for (const [name, place] of places) {
  test(`T-JWT-1 to T-JWT-8, T-DPP-1, T-KEY-1: ${name} takes no forged proof`, async () => {
    // So that a forged proof that got in is not hidden by the jti it was forged with.
    const server = await start({ ...memoryStore(), replay: { claim: async () => 'first' } })
    const { accepts, honest } = await place(server)
    assert.deepEqual(await acceptedAttacks(honest, server.clock.now(), accepts), [])
  })

  test(`T-JWT-5, T-DPP-1: ${name} takes a proof once`, async () => {
    const { accepts, honest } = await place(await start(memoryStore()))
    assert.deepEqual(await acceptedReplays(honest, accepts), [])
  })
}
