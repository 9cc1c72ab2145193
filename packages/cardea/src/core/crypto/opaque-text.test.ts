import assert from 'node:assert/strict'
import { test } from 'node:test'
import { opaqueText, readableText } from './opaque-text.ts'
import { timeOrderedText } from './time-ordered.ts'

test('opaque text: has the length that was asked for, also beyond what is drawn at once', () => {
  for (const length of [0, 1, 42, 1024, 3000]) {
    assert.match(opaqueText(length), new RegExp(`^[A-Za-z0-9]{${length}}$`))
    assert.match(readableText(length), new RegExp(`^[B-DF-HJ-NP-TV-XZ2-9]{${length}}$`))
  }
})

// Bytes taken modulo 62 would bring the first letters 21 percent more often than they should come.
for (const [name, draw, size, tolerance] of [
  ['letters and digits', opaqueText, 62, 0.12],
  ['readable characters', readableText, 28, 0.08],
] as const) {
  test(`opaque text: ${name} are drawn evenly`, () => {
    const draws = 200_000
    const counts = new Map<string, number>()
    for (const character of draw(draws)) counts.set(character, (counts.get(character) ?? 0) + 1)
    assert.equal(counts.size, size)
    for (const [character, count] of counts) {
      assert.ok(Math.abs(count / (draws / size) - 1) < tolerance, `${character}: ${count} of ${draws}`)
    }
  })
}

test('time-ordered text: begins with the time, so that what is made later sorts later, and ends in random bytes', () => {
  const before = Date.now()
  const [first, second] = [timeOrderedText(18), timeOrderedText(18)]
  const time = Number.parseInt(first.slice(0, 12), 16)
  assert.ok(time >= before && time <= Date.now())
  assert.match(first, /^[0-9a-f]{12}[A-Za-z0-9_-]{24}$/)
  assert.notEqual(first.slice(12), second.slice(12))
})
