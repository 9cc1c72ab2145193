import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import vectors from '../../vectors/oauth1-signature.json' with { type: 'json' }
import { percentDecode, percentEncode, respelled } from './encoding.ts'
import { OAuth1Error } from './errors.ts'

test('RFC 5849 §3.6: encodes the published vectors byte for byte', () => {
  const encodings = vectors.primitives.filter(({ what }) => what === 'percent_encode')
  assert.ok(encodings.length >= 11)
  for (const { in: text, out } of encodings) assert.equal(percentEncode(text ?? ''), out)
})

test('RFC 5849 §3.6: every ASCII character but the unreserved ones becomes an upper-case escape', () => {
  for (let code = 0; code < 128; code += 1) {
    const character = String.fromCharCode(code)
    const expected = /[A-Za-z0-9._~-]/.test(character)
      ? character
      : `%${code.toString(16).toUpperCase().padStart(2, '0')}`
    assert.equal(percentEncode(character), expected)
    assert.equal(respelled(`%${code.toString(16).padStart(2, '0')}`), expected)
  }
})

const hostile = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) })

test('RFC 5849 §3.6: property: what is encoded decodes to itself, and is pure ASCII', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string()), (text) => {
      const encoded = percentEncode(text)
      assert.match(encoded, /^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/)
      assert.equal(percentDecode(encoded), text.toWellFormed())
      assert.equal(respelled(encoded), encoded)
    }),
    { numRuns: 2000 },
  )
})

test('RFC 5849 §3.6: a lone surrogate is encoded as U+FFFD instead of throwing', () => {
  assert.equal(percentEncode('a\ud800b'), 'a%EF%BF%BDb')
  assert.equal(percentEncode('\udc00'), '%EF%BF%BD')
})

const reasonOf = (text: string): string => {
  try {
    return percentDecode(text)
  } catch (error) {
    assert.ok(error instanceof OAuth1Error)
    assert.equal(error.status, 400)
    return error.reason
  }
}

test('RFC 5849 §3.6: decoding refuses broken escapes and what is not UTF-8', () => {
  const broken = ['%', '%2', '%zz', '%g0', '%0g', '%-1', '% 1', 'a%', '%FF', '%C3', '%C3%28', '%ED%A0%80', '%C0%AF']
  for (const text of broken) assert.equal(reasonOf(text), 'malformed_encoding', text)
  assert.equal(reasonOf('a+b%2B%25%00'), 'a+b+%\0')
  // Once, not twice.
  assert.equal(reasonOf('%2541'), '%41')
})

const spellings: readonly (readonly [string, string | undefined])[] = [
  ['', ''],
  ['a', 'a'],
  ['%61', 'a'],
  ['%7E~', '~~'],
  ['%c3%a9', '%C3%A9'],
  ['é', '%C3%A9'],
  ['💣', '%F0%9F%92%A3'],
  ['+', '%20'],
  ['%2b', '%2B'],
  ['%2525', '%2525'],
  ['[a]{b}|"\\^`<>', '%5Ba%5D%7Bb%7D%7C%22%5C%5E%60%3C%3E'],
  ["!'()*", '%21%27%28%29%2A'],
  ['/:?@;,$#', '%2F%3A%3F%40%3B%2C%24%23'],
  ['=', '%3D'],
  // Octets that are no UTF-8 are signed as they are, never folded into one replacement character.
  ['%ff%fe', '%FF%FE'],
  ['%', undefined],
  ['%4', undefined],
  ['%4g', undefined],
  ['%G4', undefined],
  ['%+1', undefined],
  ['%é1', undefined],
  ['\ufffd', undefined],
  ['\ud800', undefined],
]

test('RFC 5849 §3.4.1.3.1: a name or value as sent has one spelling in the base string', () => {
  for (const [raw, expected] of spellings) assert.equal(respelled(raw), expected, JSON.stringify(raw))
})

test('RFC 5849 §3.4.1.3.1: property: respelling agrees with the URL standard for every well-formed text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const sent = new URLSearchParams([['', text.replaceAll('\ufffd', '')]]).toString().slice(1)
      assert.equal(respelled(sent), percentEncode(text.replaceAll('\ufffd', '')))
    }),
    { numRuns: 2000 },
  )
})
