import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { s256 } from '../core/crypto/digest.ts'
import { matchesRedirectUri } from '../core/rules/redirect-uri.ts'
import { codeFor } from '../testing/code-flow.ts'
import { clientFrom, startTestServer } from '../testing/test-server.ts'
import { basicCredentials } from './client-auth/client-secret-basic.ts'

interface Vectors {
  readonly pkce: readonly { name: string; verifier: string; challenge: string; method: string }[]
  readonly basic_auth: readonly { client_id: string; client_secret: string; header: string }[]
  readonly redirect_uri_matching: {
    readonly cases: readonly { registered: string; requested: string; match: boolean }[]
  }
}

const file = new URL('../../vectors/oauth2.json', import.meta.url)
const vectors: Vectors = JSON.parse(readFileSync(file, 'utf8'))
const user = { id: 'u1', username: 'ada', password: 'correct horse' }

for (const { name, verifier, challenge, method } of vectors.pkce) {
  test(`RFC 7636 §4.6: vector ${name}: the verifier answers the challenge and redeems the code`, async () => {
    assert.equal(s256(verifier), challenge)
    const server = await startTestServer({ clients: [{ client_id: 'app' }], users: [user] })
    const query = { client_id: 'app', code_challenge: challenge, code_challenge_method: method }
    const form = { grant_type: 'authorization_code', client_id: 'app', code: await codeFor(server, user, query) }
    assert.equal((await server.post('/token', { ...form, code_verifier: challenge })).status, 400)
    assert.equal((await server.post('/token', { ...form, code_verifier: verifier })).status, 200)
  })
}

for (const { client_id, client_secret, header } of vectors.basic_auth) {
  test(`RFC 6749 §2.3.1: vector ${header}: authenticates the client`, async () => {
    assert.deepEqual(basicCredentials(header), { clientId: client_id, secret: client_secret })
    const server = await startTestServer({ clients: [{ client_id, secret: client_secret }] })
    const headers = { authorization: header }
    assert.equal((await server.post('/token', 'grant_type=client_credentials', { headers })).status, 200)
  })
}

for (const { registered, requested, match } of vectors.redirect_uri_matching.cases) {
  test(`RFC 9700 §2.1: vector ${requested} ${match ? 'matches' : 'does not match'} ${registered}`, async () => {
    const application_type = registered.startsWith('https:') ? 'web' : 'native'
    const client = await clientFrom({ client_id: 'app', redirect_uris: [registered], application_type })
    assert.equal(matchesRedirectUri(client, requested), match)
  })
}
