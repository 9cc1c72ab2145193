import assert from 'node:assert/strict'
import { start } from './nouns.ts'
import type { Rules } from './rules.ts'

export function replayRules(rule: Rules): void {
  rule('RFC 5849 §3.3: a mark is made once, and again only after the second it was kept until', async (store) => {
    const claim = (until: number, at: number) => store.replay.claim('key', until, at)
    assert.equal(await claim(start + 10, start), 'first')
    assert.equal(await claim(start + 99, start + 1), 'seen')
    assert.equal(await claim(start + 99, start + 10), 'seen')
    assert.equal(await claim(start + 20, start + 11), 'first')
    assert.equal(await claim(start + 20, start + 20), 'seen')
    assert.equal(await store.replay.claim('other', start + 10, start), 'first')
  })

  rule('replay: keys are told apart to the last character, however long and whatever they contain', async (store) => {
    const keys = ['', ' ', 'k', 'K', 'k ', 'é', 'e\u0301', '\0', '\0\0', "'; drop", 'x'.repeat(99), 'x'.repeat(100)]
    const long = 'y'.repeat(9000)
    for (const key of [...keys, `${long}a`, `${long}b`, `a${long}`]) {
      assert.equal(await store.replay.claim(key, start, start), 'first', JSON.stringify(key.slice(0, 20)))
      assert.equal(await store.replay.claim(key, start, start), 'seen')
    }
  })
}
