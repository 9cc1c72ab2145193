import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isKept, textReadBefore } from './parsed-body.ts'

const rows: readonly (readonly [what: string, left: object, text: string])[] = [
  ['text as it came', { body: 'b=1&a=%20' }, 'b=1&a=%20'],
  ['bytes as they came', { body: Buffer.from('b=1&a=ü') }, 'b=1&a=ü'],
  ['the raw body before what was made of it', { rawBody: Buffer.from('a=%7e'), body: { a: '~' } }, 'a=%7e'],
  ['fields in their order', { body: { b: '1', a: 'x y' } }, 'b=1&a=x+y'],
  ['repeats of a field', { body: { b: ['2', '1'], a: '' } }, 'b=2&b=1&a='],
  ['fields a parser has nested', { body: { a: { b: ['1', '2'], c: { d: '3' } } } }, 'a[b]=1&a[b]=2&a[c][d]=3'],
  ['nothing', {}, ''],
  ['an empty body', { body: null }, ''],
]
for (const [what, left, text] of rows) {
  test(`RFC 6749 §3.2: of a body that was read before, ${what} is what a form is read from`, () => {
    assert.equal(decodeURI(textReadBefore(left)), decodeURI(text))
  })
}

test('RFC 6749 §3.2: a raw body that is not UTF-8 is refused, also when a parser has made text of it', () => {
  const left = { rawBody: Uint8Array.of(0x61, 0x3d, 0xff), body: { a: '\ufffd' } }
  assert.throws(() => textReadBefore(left), { code: 'invalid_request', reason: 'malformed_encoding' })
})

test('parsed body: fields nested as deep as a parser lets them are written out in bounded time', () => {
  let nested: object = { end: '1' }
  for (let depth = 0; depth < 1000; depth += 1) nested = { deeper: nested }
  assert.ok(textReadBefore({ body: nested }).length < 1000)
})

test('RFC 5849 §3.4.1: a body that was read before is as it was sent only where its text or bytes were kept', () => {
  const bytes = Buffer.from('a=1')
  for (const left of [{ body: 'a=1' }, { body: bytes }, { rawBody: bytes, body: { a: '1' } }, { rawBody: 'a=1' }])
    assert.equal(isKept(left), true)
  for (const left of [{ body: { a: '1' } }, { body: {} }, { body: ['a'] }, { rawBody: { a: '1' } }, { body: null }, {}])
    assert.equal(isKept(left), false)
})

test('RFC 7591 §3.1: a JSON document that was read before is the same document', () => {
  const body = { redirect_uris: ['https://app.example/cb'], jwks: { keys: [{ kty: 'EC' }] }, tls: false }
  for (const type of ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/x+json'])
    assert.deepEqual(JSON.parse(textReadBefore({ body }, type)), body)
  for (const type of [undefined, '', 'application/x-www-form-urlencoded', 'application/jsonp'])
    assert.equal(textReadBefore({ body: { a: '1' } }, type), 'a=1')
})

test('RFC 7591 §3.2.2: a JSON document that is nested deeper than can be written is refused, and no failure', () => {
  let nested: object = []
  for (let depth = 0; depth < 200_000; depth += 1) nested = [nested]
  assert.throws(() => textReadBefore({ body: nested }, 'application/json'), { code: 'invalid_request' })
})
