import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerOf, headersOf, takeResponse } from './http-response.ts'

const wire = (...lines: string[]) => lines.join('\r\n')

test('RFC 9112 §6.2: a body ends after Content-Length bytes and the rest stays', () => {
  const taken = takeResponse(wire('HTTP/1.1 200 OK', 'content-length: 2', '', '{}HTTP/1.1 204'))
  assert.deepEqual(taken?.response.body, '{}')
  assert.equal(taken?.response.status, 200)
  assert.equal(taken?.rest, 'HTTP/1.1 204')
})

test('RFC 9112 §6.2: an answer cut anywhere is incomplete', () => {
  const whole = wire('HTTP/1.1 200 OK', 'Content-Length: 5', '', 'hello')
  for (let length = 0; length < whole.length; length++) assert.equal(takeResponse(whole.slice(0, length)), undefined)
  assert.equal(takeResponse(whole)?.response.body, 'hello')
})

test('RFC 9112 §7.1: chunks are joined, with extensions and trailers left out', () => {
  const whole = wire(
    'HTTP/1.1 200 OK',
    'Transfer-Encoding: chunked',
    '',
    '3;a=b',
    'abc',
    'A',
    '0123456789',
    '0',
    'x: y',
    '',
    '',
  )
  for (let length = 0; length < whole.length; length++) assert.equal(takeResponse(whole.slice(0, length)), undefined)
  const taken = takeResponse(`${whole}HTTP`)
  assert.equal(taken?.response.body, 'abc0123456789')
  assert.equal(taken?.rest, 'HTTP')
})

test('RFC 9112 §7.1: a chunk may hold line breaks', () => {
  const taken = takeResponse(wire('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '6', 'a\r\n\r\nb', '0', '', ''))
  assert.equal(taken?.response.body, 'a\r\n\r\nb')
})

test('RFC 9112 §7.1: a chunk without a size is refused', () => {
  assert.throws(() => takeResponse(wire('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', 'zz', '')), /chunk/)
})

test('RFC 9112 §6.3: without a length the body ends when the connection does', () => {
  const text = wire('HTTP/1.1 200 OK', '', 'partial')
  assert.equal(takeResponse(text), undefined)
  assert.equal(takeResponse(text, true)?.response.body, 'partial')
})

test('RFC 9112 §6.3: 204 and 304 have no body', () => {
  assert.equal(takeResponse(wire('HTTP/1.1 204 No Content', '', ''))?.response.body, '')
  assert.equal(takeResponse(wire('HTTP/1.1 304 Not Modified', 'content-length: 9', '', ''))?.response.body, '')
})

test('RFC 9112 §4: what is not an HTTP/1.1 answer is refused', () => {
  assert.throws(() => takeResponse('SSH-2.0\r\n\r\n'), /not an HTTP/)
})

test('RFC 9110 §5.1: header names are found in any case, repeated ones all', () => {
  const taken = takeResponse(
    wire('HTTP/1.1 303 See Other', 'Set-Cookie: a=1', 'LOCATION:  /x', 'set-cookie: b=2', 'content-length: 0', '', ''),
  )
  assert.ok(taken)
  assert.equal(headerOf(taken.response, 'location'), '/x')
  assert.deepEqual(headersOf(taken.response, 'Set-Cookie'), ['a=1', 'b=2'])
  assert.equal(headerOf(taken.response, 'etag'), undefined)
})
