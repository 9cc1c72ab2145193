import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicKeyAlgorithms } from '../../core/crypto/jose/algorithms.ts'
import { memoryReplay } from '../protection/memory-replay.ts'
import { readDpopProof } from './dpop-proof.ts'

const header =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19'

const atToken = `${header}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`

const atResource = `${header}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`

/** RFC 9449 §6.1 */
const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'

const rules = {
  algorithms: publicKeyAlgorithms,
  clock: { now: () => 1562262620 },
  maxAge: 300,
  replay: memoryReplay(),
  nonces: undefined,
  status: 400,
} as const

test('RFC 9449 §5: in its example the proof of the token request holds, by the key of §6.1', async () => {
  const proof = await readDpopProof(rules, atToken, { method: 'POST', urls: ['https://server.example.com/token'] })
  assert.equal(proof.jkt, jkt)
})

test('RFC 9449 §7.1: in its example the proof of the resource request holds for its token, and for no other', async () => {
  const request = { method: 'GET', urls: ['https://resource.example.org/protectedresource'] }
  const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
  assert.equal((await readDpopProof(rules, atResource, { ...request, accessToken })).jkt, jkt)
  await assert.rejects(readDpopProof(rules, atResource, { ...request, accessToken: `${accessToken}x` }), {
    reason: 'dpop_wrong_token',
  })
})
