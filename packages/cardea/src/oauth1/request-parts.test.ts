import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HttpRequest } from '../http/request.ts'
import { requestParts } from './request-parts.ts'

function requestOf(
  target: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): HttpRequest & { reads: number } {
  const request = {
    method: 'POST',
    target,
    // Of a framework that has rewritten both: they must not be what is signed.
    path: '/rewritten',
    query: 'rewritten',
    header: (name: string) => headers[name],
    reads: 0,
    text: () => {
      request.reads += 1
      return Promise.resolve(body)
    },
    secure: true,
    remoteAddress: undefined,
  }
  return request
}

const form = 'application/x-www-form-urlencoded'

test('RFC 5849 §3.4.1.3.1: query, header and form body are taken as sent', async () => {
  const request = requestOf('/api/a?b=%20+', { 'content-type': form, authorization: 'OAuth a="b"' }, 'c=%20+')
  assert.deepEqual(await requestParts(request), {
    query: 'b=%20+',
    authorization: 'OAuth a="b"',
    contentType: form,
    body: 'c=%20+',
  })
})

test('RFC 5849 §3.4.1.3.1: a body that is no form is left for who can read it', async () => {
  const request = requestOf('/', { 'content-type': 'application/json' }, '{}')
  assert.equal((await requestParts(request)).body, undefined)
  assert.equal(request.reads, 0)
})

test('RFC 9110 §8.4.1: identity is no coding: such a form is as it was sent', async () => {
  for (const coding of ['identity', 'Identity', 'identity, identity'])
    assert.equal(
      (await requestParts(requestOf('/', { 'content-type': form, 'content-encoding': coding }, 'x'))).body,
      'x',
    )
  for (const coding of ['identity, gzip', 'identityx', '', 'br'])
    await assert.rejects(requestParts(requestOf('/', { 'content-type': form, 'content-encoding': coding }, 'x')))
})

test('RFC 5849 §3.4.1.3.1: a compressed form cannot be verified and is refused', async () => {
  const request = requestOf('/', { 'content-type': form, 'content-encoding': 'gzip' }, 'x')
  await assert.rejects(requestParts(request), { name: 'OAuth1Error', reason: 'content_encoding', status: 400 })
})
