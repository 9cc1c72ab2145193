import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ProtocolError } from '../core/spec/errors.ts'
import { type ParseOptions, parseParams } from './params.ts'

const settings = { seed: 11, numRuns: 500 }

const pairsOf = (text: string, options?: ParseOptions): [string, readonly string[]][] => {
  const params = parseParams(text, options)
  return [...params.names()].map((name) => [name, params.all(name)])
}

const reasonOf = (text: string, options?: ParseOptions): string => {
  try {
    parseParams(text, options)
  } catch (error) {
    assert.ok(error instanceof ProtocolError)
    assert.equal(error.code, 'invalid_request')
    return error.reason
  }
  throw new Error('was accepted')
}

const accepted: readonly (readonly [text: string, pairs: [string, string[]][]])[] = [
  ['', []],
  ['&&&', []],
  [
    'a=1&b=2',
    [
      ['a', ['1']],
      ['b', ['2']],
    ],
  ],
  ['a', [['a', ['']]]],
  ['a=', [['a', ['']]]],
  ['=a', [['', ['a']]]],
  ['a=b=c', [['a', ['b=c']]]],
  ['a+b=c+d', [['a b', ['c d']]]],
  ['a=%2B%20%26%3D', [['a', ['+ &=']]]],
  ['a=%E2%98%83', [['a', ['☃']]]],
  ['a=☃', [['a', ['☃']]]],
  ['a=%00', [['a', ['\0']]]],
  [
    '__proto__=1&constructor=2&toString=3',
    [
      ['__proto__', ['1']],
      ['constructor', ['2']],
      ['toString', ['3']],
    ],
  ],
]
for (const [text, pairs] of accepted) {
  test(`RFC 6749 §3.2: ${JSON.stringify(text)} is read`, () => {
    assert.deepEqual(pairsOf(text), pairs)
  })
}

const refused: readonly (readonly [text: string, reason: string])[] = [
  ['a=1&a=2', 'repeated_parameter'],
  ['a=1&a=1', 'repeated_parameter'],
  ['a&a', 'repeated_parameter'],
  ['a=1&%61=2', 'repeated_parameter'],
  ['__proto__=1&__proto__=2', 'repeated_parameter'],
  ['a=%', 'malformed_encoding'],
  ['a=%2', 'malformed_encoding'],
  ['a=%zz', 'malformed_encoding'],
  ['%ff=1', 'malformed_encoding'],
  ['a=%C3%28', 'malformed_encoding'],
  ['a=%ED%A0%80', 'malformed_encoding'],
  ['a=%C0%80', 'malformed_encoding'],
  [Array.from({ length: 201 }, (_, n) => `p${n}=`).join('&'), 'too_many_parameters'],
  ['a&'.repeat(10_000), 'repeated_parameter'],
]
for (const [text, reason] of refused) {
  test(`RFC 6749 §3.2: ${JSON.stringify(text.slice(0, 40))} is refused`, () => {
    assert.equal(reasonOf(text), reason)
  })
}

test('RFC 6749 §3.1: a parameter without a value counts as omitted', () => {
  const params = parseParams('a=&b')
  assert.deepEqual([params.get('a'), params.get('b'), params.get('toString')], [undefined, undefined, undefined])
})

test('RFC 6749 §3.2: only what was declared repeatable may repeat', () => {
  const options = { repeatable: ['scope'] }
  assert.deepEqual(parseParams('scope=a&scope=b', options).all('scope'), ['a', 'b'])
  assert.equal(reasonOf('scope=a&x=1&x=2', options), 'repeated_parameter')
  assert.deepEqual(parseParams('', options).all('scope'), [])
})

const word = fc.string({ unit: 'binary', maxLength: 12 })
const distinct = fc.uniqueArray(fc.tuple(word, word), { selector: ([name]) => name, maxLength: 20 })

test('RFC 6749 §3.2: property: what URLSearchParams writes is read as it was meant', () => {
  fc.assert(
    fc.property(distinct, (pairs) => {
      const wellFormed = pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()] as const)
      fc.pre(new Set(wellFormed.map(([name]) => name)).size === wellFormed.length)
      const text = new URLSearchParams(wellFormed.map(([name, value]) => [name, value])).toString()
      assert.deepEqual(
        pairsOf(text),
        wellFormed.map(([name, value]) => [name, [value]]),
      )
    }),
    settings,
  )
})

const formText = fc
  .array(fc.oneof(fc.constantFrom('&', '=', '+', '%', '%41', '%2', '%C3%A9', '%FF', 'a', 'é', ';', '#', '\0'), word), {
    maxLength: 20,
  })
  .map((parts) => parts.join('').toWellFormed())

test('RFC 6749 §3.2: property: any text is read as URLSearchParams reads it, or refused', () => {
  fc.assert(
    fc.property(formText, (text) => {
      let ours: [string, readonly string[]][]
      try {
        ours = pairsOf(text)
      } catch (error) {
        assert.ok(error instanceof ProtocolError)
        return
      }
      const theirs = [...new URLSearchParams(text.startsWith('?') ? `&${text}` : text)].map(([name, value]) => [
        name,
        [value],
      ])
      assert.deepEqual(ours, theirs)
    }),
    settings,
  )
})
