import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from './fuzz.ts'
import { oauth1Subject } from './oauth1-targets.ts'

test('RFC 9110 §15.6.1: no damaged request makes an OAuth 1 endpoint or a protected route fail or hang', async () => {
  const result = await fuzz(oauth1Subject, { requests: 2000, seed: 849, overSocket: 0.1 })
  const total = [...result.values()].flatMap((counts) => [...counts.values()]).reduce((sum, count) => sum + count, 0)
  assert.equal(total, 2000)
  // Of no use if nothing got past the first check.
  for (const [endpoint, counts] of result) assert.ok(counts.size >= 3, `${endpoint}: ${[...counts]}`)
  for (const endpoint of ['initiate', 'verify', 'exchange', 'resource'])
    assert.ok(result.get(endpoint)?.get(200), endpoint)
})
