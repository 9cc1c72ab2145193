import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { strictJson } from './strict-json.ts'

test('T-JWT-3, RFC 8725bis §3.14: a name that comes twice in one object is found in every spelling and depth', () => {
  const duplicated = [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":1 , "b":{} ,"a" :2}',
    '[{"b":[{"a":1,"c":"}","a":2}]}]',
    '{"\\"":1,"\\"":2}',
    '{"\\\\":1,"\\\\":2}',
    '{"":1,"":2}',
    '{"a":"x\\\\","a":1}',
    '{"__proto__":1}',
  ]
  for (const text of duplicated) assert.deepEqual(strictJson(text), { problem: 'duplicate_member' }, text)
})

test('RFC 8259 §4: one name in two objects, or as a value, is no duplicate', () => {
  for (const text of [
    '{"a":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":"\\"a\\":","b":"\\\\"}',
    '["a","a"]',
  ]) {
    assert.deepEqual(strictJson(text), { value: JSON.parse(text) }, text)
  }
})

test('T-WEB-3: nesting without end, and what is no JSON, is refused and never thrown', () => {
  assert.deepEqual(strictJson('['.repeat(33) + ']'.repeat(33)), { problem: 'too_deep' })
  assert.deepEqual(strictJson('['.repeat(100_000)), { problem: 'malformed' })
  for (const text of ['', '{', '{"a":1,}', "{'a':1}", 'NaN', '"', '{"a":1}x']) {
    assert.deepEqual(strictJson(text), { problem: 'malformed' }, text)
  }
})

test('RFC 8259 §4: whatever else JSON can say is read as JSON.parse reads it', () => {
  const safe = fc.jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
  fc.assert(
    fc.property(safe, fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      assert.deepEqual(strictJson(text), { value: JSON.parse(text) })
    }),
    { seed: 20260101, numRuns: 300 },
  )
})
