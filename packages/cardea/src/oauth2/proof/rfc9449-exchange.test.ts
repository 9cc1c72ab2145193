import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from '../../adapters/fetch.ts'
import { digestOf } from '../../core/crypto/digest.ts'
import { codeFor, pkcePair } from '../../testing/code-flow.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { startTestServer } from '../../testing/test-server.ts'

const header =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19'
const atCode = `${header}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`
const atRefresh = `${header}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjY1Mjk2fQ.pAqut2IRDm_De6PR93SYmGBPXpwrAk90e8cP2hjiaG5QsGSuKDYW7_X620BxqhvYC8ynrrvZLTk41mSRroapUA`
const atResource = `${header}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`

const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
const refreshToken = 'Q..Zkm29lexi8VnWg2zPW1x-tgGad0Ibc3s3EwM_Ni4-g'
const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'
const someone = { id: 'someone@example.com', username: 'someone', password: 'correct horse' }
const resource = 'https://resource.example.org/protectedresource'

/** The server of the examples, which hands out their very tokens. */
async function start() {
  const generated = ({ kind }: { readonly kind: 'access' | 'refresh' }) =>
    kind === 'access' ? accessToken : refreshToken
  const clock = fakeClock(1562262611)
  const server = await startTestServer({
    clock,
    issuer: 'https://server.example.com',
    dpop: { resourceOrigin: 'https://resource.example.org' },
    tokenGenerators: { authorization_code: generated },
    users: [someone],
    clients: [
      { client_id: 's6BhdRkqt', application_type: 'native', redirect_uris: ['https://client.example.com/cb'] },
      { client_id: 'rs', secret: 'rs:MKu-6g_lDektIdz4fsN7kYcya+Ti', introspect_any: true },
    ],
  })
  const post = async (form: Record<string, string>, dpop: string) => {
    const answer = await server.post('/token', { client_id: 's6BhdRkqt', ...form }, { headers: { dpop } })
    return { status: answer.status, cache: answer.headers.get('cache-control'), body: await answer.json() }
  }
  const code = await codeFor(server, someone, { client_id: 's6BhdRkqt' })
  clock.advance(9)
  const form = { grant_type: 'authorization_code', code, code_verifier: pkcePair.verifier }
  return { server, clock, post, first: await post(form, atCode) }
}

test('RFC 9449 §5: the proof of Figure 5 buys the tokens of Figure 6, bound to the key of §6', async () => {
  const { first, server } = await start()
  const { access_token, refresh_token, token_type } = first.body
  assert.deepEqual([first.status, first.cache], [200, 'no-store'])
  assert.deepEqual([access_token, refresh_token, token_type], [accessToken, refreshToken, 'DPoP'])
  const client = ['rs', 'rs:MKu-6g_lDektIdz4fsN7kYcya+Ti'] as const
  const told = await (await server.post('/introspect', { token: accessToken }, { client })).json()
  assert.deepEqual(
    [told.active, told.sub, told.iss, told.cnf, told.token_type],
    [true, 'someone@example.com', 'https://server.example.com', { jkt }, 'DPoP'],
  )
})

test('RFC 9449 §5: the proof of Figure 7 refreshes the token of Figure 6, though its jti is that of Figure 5', async () => {
  const { clock, post } = await start()
  clock.advance(1562265296 - clock.now())
  const { body, status } = await post({ grant_type: 'refresh_token', refresh_token: refreshToken }, atRefresh)
  assert.deepEqual([status, body.token_type], [200, 'DPoP'])
})

test('RFC 9449 §7.1: the request of Figure 13 is let in once, and by no other scheme', async () => {
  const { server } = await start()
  const ask = async (scheme: string) => {
    const headers = { authorization: `${scheme} ${accessToken}`, dpop: atResource }
    const guarded = fetchProtector(server.provider).requireOAuth(undefined, () => Response.json({}))
    const answer = await guarded(new Request(resource, { headers }))
    return [answer.status, /error="(\w+)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1]]
  }
  assert.equal(digestOf(accessToken), 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo')
  assert.deepEqual(await ask('Bearer'), [401, 'invalid_token'])
  assert.deepEqual(await ask('DPoP'), [200, undefined])
  assert.deepEqual(await ask('DPoP'), [401, 'invalid_dpop_proof'])
})
