import assert from 'node:assert/strict'
import type { TestServer } from 'cardea/testing'
import { signJwt } from '../../packages/cardea/src/core/crypto/jose/sign-jwt.ts'
import { alice } from '../../packages/cardea/src/testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../packages/cardea/src/testing/code-flow.ts'
import { dpopClient } from '../../packages/cardea/test-support/dpop-client.ts'
import { ada, redeem, shopSecret } from '../../packages/cardea/test-support/pushing.ts'
import { shopKey } from '../../packages/cardea/test-support/signed-requests.ts'
import { type Contest, counted, isActive, toldBy } from './race.ts'
import { assertedKey, assertionSecret, sharedSecretSigner } from './registrations.ts'

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

const issuer = 'https://auth.example'
const redirect_uri = 'https://client.example/cb'
const bearerType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const machine = { grant_type: 'client_credentials' } as const

const freshCode = (server: TestServer) => codeFor(server, ada, { client_id: 'shop', redirect_uri })

/** Keeps what winners were given. */
function keeping(won: Tokens[]): (answer: Response) => Promise<string> {
  return async (answer) => {
    if (answer.ok) won.push((await answer.clone().json()) as Tokens)
    return toldBy(answer)
  }
}

async function allEnded(server: TestServer, tokens: readonly Tokens[]): Promise<void> {
  for (const token of tokens.flatMap(({ access_token, refresh_token }) => [access_token, refresh_token]))
    assert.equal(await isActive(server, token), false)
}

const authorizationCode: Contest = {
  title: 'RFC 6749 §4.1.2, §10.5: an authorization code buys tokens once, and its replay ends them',
  async prepare(server) {
    const code = await freshCode(server)
    const before = await counted(server)
    const won: Tokens[] = []
    const keep = keeping(won)
    return {
      attempt: async () => keep(await redeem(server, code)),
      losers: ['400 invalid_grant'],
      async after() {
        assert.equal((await counted(server)).authorizations - before.authorizations, 1)
        await allEnded(server, won)
      },
    }
  },
}

const refreshToken: Contest = {
  title: 'RFC 9700 §4.14.2: a refresh token is rotated once, and its replay ends the family',
  async prepare(server) {
    const first = (await (await redeem(server, await freshCode(server))).json()) as Tokens
    const won: Tokens[] = [first]
    const keep = keeping(won)
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    return {
      attempt: async () => keep(await server.post('/token', form, { client: shopSecret })),
      losers: ['400 invalid_grant'],
      after: () => allEnded(server, won),
    }
  },
}

/** Where a refresh token that was used just now fetches the same successor again. */
export const reuseWindow: Contest = {
  title: 'RFC 9700 §4.14.2: in the window one refresh token has one successor, at all instances',
  async prepare(server) {
    const first = (await (await redeem(server, await freshCode(server))).json()) as Tokens
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    const won: Tokens[] = []
    const keep = keeping(won)
    return {
      attempt: async () => {
        const told = await keep(await server.post('/token', form, { client: shopSecret }))
        return told === 'won' && won.at(-1)?.refresh_token === won[0]?.refresh_token ? 'the same' : told
      },
      losers: ['the same'],
      winners: 0,
    }
  },
}

/** Spread over every endpoint that takes it. */
const endpoints = [
  ['/token', machine],
  ['/device_authorization', {}],
  ['/introspect', { token: 'x' }],
  ['/par', { response_type: 'code', redirect_uri, code_challenge: pkcePair.challenge, code_challenge_method: 'S256' }],
] as const

const clientAssertion = (client_id: string, sign: (claims: never) => string): Contest => ({
  title: `RFC 7523 §3, T-JWT-5, CVE-2020-15222: the jti of a client assertion counts once at all endpoints together (${client_id})`,
  async prepare(server) {
    const now = server.clock.now()
    const claims = { iss: client_id, sub: client_id, aud: issuer, exp: now + 60, iat: now, jti: `raced ${client_id}` }
    const client_assertion = sign(claims as never)
    return {
      attempt: async (number) => {
        const [path, form] = endpoints[number % endpoints.length] as (typeof endpoints)[number]
        return toldBy(await server.post(path, { ...form, client_assertion, client_assertion_type: assertionType }))
      },
      losers: ['401 invalid_client'],
    }
  },
})

const jwtBearer: Contest = {
  title: 'RFC 7523 §3, A2-JWTB-04, T-JWT-5: the jti of an assertion that is a grant buys one token',
  async prepare(server) {
    const now = server.clock.now()
    const claims = { iss: 'https://idp.example', sub: alice.id, aud: issuer, exp: now + 60, iat: now, jti: 'raced' }
    const assertion = signJwt(shopKey, { typ: 'JWT', claims })
    const before = await counted(server)
    return {
      attempt: async () =>
        toldBy(await server.post('/token', { grant_type: bearerType, assertion }, { client: shopSecret })),
      losers: ['400 invalid_grant'],
      async after() {
        assert.equal((await counted(server)).access - before.access, 1)
      },
    }
  },
}

const twoPurposes: Contest = {
  title: 'RFC 7523 §3, T-JWT-5: an assertion that authenticates a client is no grant besides, and the other way round',
  async prepare(server) {
    const now = server.clock.now()
    const claims = { iss: 'keyed', sub: 'keyed', aud: issuer, exp: now + 60, iat: now, jti: 'both ways' }
    const assertion = signJwt(assertedKey, { typ: 'JWT', claims })
    const asGrant = { grant_type: bearerType, assertion }
    const asProof = { ...machine, client_assertion: assertion, client_assertion_type: assertionType }
    return {
      attempt: async (number) => toldBy(await server.post('/token', number % 2 === 0 ? asGrant : asProof)),
      losers: ['400 invalid_grant', '401 invalid_client'],
    }
  },
}

const dpopProof: Contest = {
  title: 'RFC 9449 §11.1, T-DPP-1: a DPoP proof counts once',
  async prepare(server) {
    const headers = { dpop: (await dpopClient(server.clock)).proof() }
    const before = await counted(server)
    return {
      attempt: async () => toldBy(await server.post('/token', machine, { client: shopSecret, headers })),
      losers: ['400 invalid_dpop_proof'],
      async after() {
        assert.equal((await counted(server)).access - before.access, 1)
      },
    }
  },
}

const boundRefresh: Contest = {
  title: 'RFC 9449 §5, RFC 9700 §4.14.2: a bound refresh token is rotated once, whatever number of proofs come with it',
  async prepare(server) {
    const client = await dpopClient(server.clock)
    const code = await codeFor(server, ada, { client_id: 'app' })
    const form = { grant_type: 'authorization_code', client_id: 'app', code, code_verifier: pkcePair.verifier }
    const { refresh_token } = (await (await client.post(server, form)).json()) as Tokens
    const again = { grant_type: 'refresh_token', client_id: 'app', refresh_token }
    return {
      attempt: async () => toldBy(await client.post(server, again)),
      losers: ['400 invalid_grant'],
    }
  },
}

export const tokenContests: readonly Contest[] = [
  authorizationCode,
  refreshToken,
  clientAssertion('keyed', (claims) => signJwt(assertedKey, { typ: 'JWT', claims })),
  clientAssertion('shared', (claims) => signJwt(sharedSecretSigner(assertionSecret), { typ: 'JWT', claims })),
  jwtBearer,
  twoPurposes,
  dpopProof,
  boundRefresh,
]
