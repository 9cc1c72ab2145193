import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Loopback, listenOnLoopback } from '../testing/loopback.ts'
import { basic, startTestServer, type TestServer } from '../testing/test-server.ts'
import { nodeHandler } from './node.ts'

const form = 'grant_type=client_credentials'
const type = 'content-type: application/x-www-form-urlencoded\r\n'
const authorization = `authorization: ${basic('job', 'job-secret')}\r\n`

let server: TestServer
let loopback: Loopback

before(async () => {
  server = await startTestServer({ clients: [{ client_id: 'job', secret: 'job-secret' }] })
  loopback = await listenOnLoopback(nodeHandler(server.provider))
})
after(() => loopback.close())

/** A request with all that makes it sound, so that only what is added can be what it is refused for. */
const request = (line: string, more = '', body = form, length = `content-length: ${body.length}\r\n`): string =>
  `${line}\r\nhost: auth.example\r\nconnection: close\r\n${type}${authorization}${more}${length}\r\n${body}`

const statusOf = (answer: string): number | undefined => {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? []
  return status === undefined ? undefined : Number(status)
}

test('RFC 9112 §3: a sound request is answered', async () => {
  assert.equal(statusOf(await loopback.exchange(request('POST /token HTTP/1.1'))), 200)
})

for (const authority of ['auth.example', 'evil.example', 'a:b@evil.example:8443', '[::1]:80']) {
  test(`RFC 9112 §3.2.2: the absolute form of a target, with ${authority}, is answered like its path`, async () => {
    for (const scheme of ['http', 'https', 'HTTP']) {
      const answer = await loopback.exchange(request(`POST ${scheme}://${authority}/token?a=b HTTP/1.1`))
      assert.equal(statusOf(answer), 200, scheme)
    }
    const elsewhere = await loopback.exchange(request(`GET http://${authority} HTTP/1.1`, '', '', ''))
    assert.equal(statusOf(elsewhere), 404)
    const metadata = `GET http://${authority}/.well-known/oauth-authorization-server HTTP/1.1`
    const answer = await loopback.exchange(request(metadata, '', '', ''))
    assert.equal(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))).issuer, 'https://auth.example')
  })
}

const post = 'POST /token HTTP/1.1'
const chunked = 'transfer-encoding: chunked\r\n'

const framing: readonly (readonly [what: string, bytes: string])[] = [
  ['Content-Length with Transfer-Encoding', request(post, chunked, '0\r\n\r\n')],
  ['Transfer-Encoding with Content-Length', request(post, 'content-length: 5\r\n', '0\r\n\r\n', chunked)],
  ['two Content-Length', request(post, 'content-length: 5\r\n')],
  ['a Content-Length list', request(post, '', form, `content-length: ${form.length}, 5\r\n`)],
  ['a negative Content-Length', request(post, '', form, 'content-length: -1\r\n')],
  ['a hexadecimal Content-Length', request(post, '', form, 'content-length: 0x1d\r\n')],
  ['a Content-Length beyond all numbers', request(post, '', form, `content-length: ${'9'.repeat(40)}\r\n`)],
  ['an unknown Transfer-Encoding', request(post, '', form, 'transfer-encoding: chunked, identity\r\n')],
  ['a hidden Transfer-Encoding', request(post, '', form, 'transfer-encoding : chunked\r\n')],
  ['a chunk size that is none', request(post, '', 'zz\r\nhello\r\n0\r\n\r\n', chunked)],
  ['a chunk that is longer than it says', request(post, '', '1\r\nhello\r\n0\r\n\r\n', chunked)],
  ['no Host', `${post}\r\nconnection: close\r\n\r\n`],
  ['two Host', request(post, 'host: evil.example\r\n')],
  ['a folded header', request(post, 'x-a: 1\r\n 2\r\n')],
  ['a header without colon', request(post, 'x-a\r\n')],
  ['a header name with a blank', request(post, 'x a: 1\r\n')],
  ['a NUL in a header', request(post, 'x-a: \0\r\n')],
  ['a bare CR in a header', request(post, 'x-a: 1\r2\r\n')],
  ['headers of more than 16 kB', request(post, `x-a: ${'a'.repeat(20_000)}\r\n`)],
  ['many headers of more than 16 kB', request(post, 'x-a: aaaaaaaaaa\r\n'.repeat(2000))],
  ['a target of more than 16 kB', request(`GET /authorize?a=${'a'.repeat(20_000)} HTTP/1.1`)],
  ['raw bytes in the target', request('GET /authorize?state=\xff\xfe HTTP/1.1')],
  ['a blank in the target', request('POST /token x HTTP/1.1')],
  ['a target without slash', request('POST token HTTP/1.1')],
  ['an empty target', request('POST  HTTP/1.1')],
  ['an absolute target of another scheme', request('POST ftp://auth.example/token HTTP/1.1')],
  ['an absolute target without slash', request('POST http://auth.exampletoken HTTP/1.1')],
  ['an unknown method', request('BREW /token HTTP/1.1')],
  ['a method in lower case', request('post /token HTTP/1.1')],
  ['an unknown version', request('POST /token HTTP/9.9')],
  ['HTTP/0.9', 'GET /token\r\n\r\n'],
  ['TRACE', request('TRACE /token HTTP/1.1', '', '', '')],
  ['CONNECT', request('CONNECT evil.example:443 HTTP/1.1', '', '', '')],
  ['OPTIONS of the whole server', request('OPTIONS * HTTP/1.1', '', '', '')],
  ['an upgrade to HTTP/2', request('PRI * HTTP/2.0', '', '', '')],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['nothing but line ends', '\r\n'.repeat(1000)],
  ['half a request', 'POST /token HT'],
  ['half the headers', `${post}\r\nhost: auth.example\r\n${type}`],
  ['half a body', request(post, '', 'grant', 'content-length: 100\r\n')],
]
for (const [what, bytes] of framing) {
  test(`RFC 9112 §11.2: ${what} is refused or cut off, and the server goes on`, async () => {
    const issuedBefore = server.events.filter((event) => event.type === 'token_issued').length
    const answer = await loopback.exchange(Buffer.from(bytes, 'latin1'))
    const status = statusOf(answer)
    assert.ok(answer === '' || (status !== undefined && status >= 400 && status < 500), answer.slice(0, 200))
    const issued = server.events.filter((event) => event.type === 'token_issued').length
    assert.equal(issued, issuedBefore)
    assert.equal(statusOf(await loopback.exchange(request(post))), 200)
  })
}

test('RFC 9112 §9.3: a second request behind a refused one on the same connection is answered by itself', async () => {
  const first = request('POST /tokens HTTP/1.1').replace('connection: close\r\n', '')
  const answer = await loopback.exchange(first + request(post))
  assert.deepEqual(
    [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status),
    ['404', '200'],
  )
})

test('RFC 9112 §11.2: nothing of it was a failure of the server', () => {
  assert.deepEqual(
    server.events.filter(({ type }) => type === 'internal_error'),
    [],
  )
})
