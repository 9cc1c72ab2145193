import assert from 'node:assert/strict'
import { once } from 'node:events'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { NodeRequest } from './node-request.ts'

function requestFrom(address: string | undefined, headers: Record<string, string> = {}, trust = false): NodeRequest {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: address })
  const message = new IncomingMessage(socket)
  Object.assign(message.headers, headers)
  return new NodeRequest(message, () => trust, 1024)
}

const cases: readonly (readonly [what: string, request: NodeRequest, secure: boolean | undefined])[] = [
  ['from another machine', requestFrom('203.0.113.7'), false],
  [
    'from another machine that claims to be a proxy',
    requestFrom('203.0.113.7', { 'x-forwarded-proto': 'https' }),
    false,
  ],
  ['from this machine, where a proxy may stand', requestFrom('127.0.0.1'), undefined],
  ['from a trusted proxy that says nothing', requestFrom('10.0.0.1', {}, true), undefined],
  ['from a trusted proxy that says https', requestFrom('10.0.0.1', { 'x-forwarded-proto': 'https' }, true), true],
  ['from a trusted proxy that says http', requestFrom('10.0.0.1', { 'x-forwarded-proto': 'http' }, true), false],
]
for (const [what, request, secure] of cases) {
  test(`RFC 6749 §3.1: a request without TLS ${what} is ${secure === undefined ? 'not judged' : secure}`, () => {
    assert.equal(request.secure, secure)
  })
}

function received(url: string, headers: Record<string, string> = {}): IncomingMessage {
  const message = new IncomingMessage(new Socket())
  Object.assign(message, { url, method: 'POST' })
  Object.assign(message.headers, headers)
  return message
}

const handles = (path: string): boolean => ['/auth/token', '/token'].includes(path)
const mounted = (url: string, originalUrl: string, serves: (path: string) => boolean) =>
  new NodeRequest(Object.assign(received(url), { originalUrl }), undefined, 1024, { handles: serves })

test('node request: of a mount prefix the issuer has, nothing is taken off; of any other it is', () => {
  assert.equal(mounted('/token?a=1', '/auth/token?a=1', handles).path, '/auth/token')
  assert.equal(mounted('/token', '/other/token', handles).path, '/token')
  assert.equal(mounted('/elsewhere', '/auth/elsewhere', handles).path, '/elsewhere')
})

test('RFC 5849 §3.4.1.2: node request: the target is the one the client sent, whatever a framework did to the URL', () => {
  assert.equal(mounted('/token', '/other/token?b=%7e', handles).target, '/other/token?b=%7e')
  const koa = new NodeRequest(received('/token'), undefined, 1024, { target: '/p/token' })
  assert.deepEqual([koa.target, koa.path], ['/p/token', '/token'])
})

test('node request: a body whose reader has given up is answered, not waited for', { timeout: 2000 }, async () => {
  const given = received('/token')
  given.destroy()
  assert.equal(await new NodeRequest(given, undefined, 1024).text(), '')
  const broken = received('/token')
  broken.on('error', () => {}).destroy(new Error('gone'))
  await assert.rejects(new NodeRequest(broken, undefined, 1024).text(), { reason: 'request_aborted' })
})

test('node request: a body is read in bytes and in text, when the host has set an encoding', async () => {
  for (const encoding of [undefined, 'utf8'] as const) {
    const message = received('/token')
    if (encoding !== undefined) message.setEncoding(encoding)
    message.push('a=é')
    message.push(null)
    assert.equal(await new NodeRequest(message, undefined, 1024).text(), 'a=é')
  }
})

test('RFC 9110 §15.5.14: node request: the limit holds for a body that was read before, too', async () => {
  const message = Object.assign(received('/token'), { body: { a: 'x'.repeat(1023) } })
  message.push(null)
  message.resume()
  await once(message, 'end')
  await assert.rejects(new NodeRequest(message, undefined, 1024).text(), { code: 'request_too_large' })
  assert.equal((await new NodeRequest(message, undefined, 1025).text()).length, 1025)
})
