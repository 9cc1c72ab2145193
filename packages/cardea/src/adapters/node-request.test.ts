import assert from 'node:assert/strict'
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
