import assert from 'node:assert/strict'
import type { IncomingMessage, RequestListener } from 'node:http'
import { type TestContext, test } from 'node:test'
import { nodeHandler, nodeProtector } from '../adapters/node.ts'
import { listenOnLoopback } from '../testing/loopback.ts'
import {
  callback,
  consumerKey,
  consumerSecret,
  freshNonce,
  outcomeOf,
  signedFor,
  startOAuth1Server,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import type { TestServer } from '../testing/test-server.ts'
import { signRequest } from './sign.ts'
import { hmacSha1 } from './signature-methods.ts'

interface Sent {
  /** Where the client thinks it sends the request. */
  readonly as: string
  readonly host?: string
  /** Request target on the wire. Default: that of `as`. */
  readonly target?: string
}

const pathOf = (url: string): string => url.slice(url.indexOf('/', url.indexOf('//') + 2))

/** What node:http answers to a request for a temporary credential that was signed for that address. */
async function answered(t: TestContext, server: TestServer, listener: RequestListener, sent: Sent): Promise<string> {
  const loopback = await listenOnLoopback(listener)
  t.after(() => loopback.close())
  const signed = { method: 'POST', url: sent.as }
  const { headers } = signRequest(signed, {
    consumerKey,
    keys: { clientSecret: consumerSecret },
    signatureMethod: hmacSha1,
    timestamp: server.clock.now(),
    nonce: freshNonce(),
    parameters: { oauth_callback: callback },
  })
  const target = sent.target ?? pathOf(sent.as)
  const answer = await loopback.exchange(
    `POST ${target} HTTP/1.1\r\nhost: ${sent.host ?? new URL(sent.as).host}\r\nauthorization: ${headers.authorization}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  )
  return answer.slice(9, 12)
}

const path = '/oauth1/initiate'

test('T-OA1-4: the origin is the configured one, whatever Host says', async (t) => {
  const server = await startOAuth1Server()
  const listener = nodeHandler(server.provider, { trustProxy: () => true })
  const ask = (sent: Sent) => answered(t, server, listener, sent)
  assert.equal(await ask({ as: `https://auth.example${path}`, host: '127.0.0.1:8080' }), '200')
  assert.equal(await ask({ as: `https://auth.example${path}`, host: 'evil.example' }), '200')
  assert.equal(await ask({ as: `https://evil.example${path}`, host: 'evil.example' }), '401')
  assert.equal(await ask({ as: `http://auth.example${path}` }), '401')
})

test('A1-OAUTH1-26: scheme and host in any case, the scheme’s own port written out or not', async (t) => {
  const server = await startOAuth1Server()
  const listener = nodeHandler(server.provider, { trustProxy: () => true })
  for (const origin of ['HTTPS://AUTH.EXAMPLE', 'https://auth.example:443', 'https://Auth.Example:0443']) {
    const sent = { as: `${origin}${path}`, host: 'AUTH.example:443', target: path }
    assert.equal(await answered(t, server, listener, sent), '200', origin)
  }
})

test('A1-OAUTH1-26: an issuer on an IPv6 address, with and without a port of its own', async (t) => {
  for (const [issuer, wrong] of [
    ['http://[::1]:8080', 'http://[::1]'],
    ['http://[::1]', 'http://[::1]:8080'],
    ['https://[2001:db8::7]', 'https://[2001:db8::8]'],
  ] as const) {
    const server = await startOAuth1Server({ issuer })
    const listener = nodeHandler(server.provider, { trustProxy: () => true })
    assert.equal(await answered(t, server, listener, { as: issuer + path }), '200', issuer)
    assert.equal(await answered(t, server, listener, { as: wrong + path }), '401', wrong)
  }
  const server = await startOAuth1Server({ issuer: 'http://[::1]' })
  const listener = nodeHandler(server.provider)
  assert.equal(await answered(t, server, listener, { as: `http://[::1]:80${path}` }), '200')
})

test('T-OA1-4: further origins are picked by Host, and only those', async (t) => {
  const server = await startOAuth1Server({ oauth1: { origins: ['https://api.example', 'https://old.example:8443'] } })
  const listener = nodeHandler(server.provider, { trustProxy: () => true })
  const ask = (sent: Sent) => answered(t, server, listener, sent)
  assert.equal(await ask({ as: `https://api.example${path}` }), '200')
  assert.equal(await ask({ as: `https://api.example${path}`, host: 'API.example:443' }), '200')
  assert.equal(await ask({ as: `https://old.example:8443${path}` }), '200')
  assert.equal(await ask({ as: `https://old.example:8443${path}`, host: 'old.example' }), '401')
  assert.equal(await ask({ as: `https://api.example${path}`, host: 'auth.example' }), '401')
})

test('RFC 5849 §3.4.1.2: a prefix that a proxy takes off is part of what clients sign', async (t) => {
  const server = await startOAuth1Server({ oauth1: { origins: ['https://gate.example/auth/'] } })
  const listener = nodeHandler(server.provider, { trustProxy: () => true })
  const sent = { as: `https://gate.example/auth${path}`, target: path }
  assert.equal(await answered(t, server, listener, sent), '200')
  assert.equal(await answered(t, server, listener, { as: `https://gate.example${path}` }), '401')
})

test("RFC 5849 §3.4.1.2: a prefix that a proxy takes off on the issuer's own host is signed too", async (t) => {
  const server = await startOAuth1Server({ oauth1: { origins: ['https://auth.example/auth'] } })
  const listener = nodeHandler(server.provider, { trustProxy: () => true })
  const sent = { as: `https://auth.example/auth${path}`, target: path }
  assert.equal(await answered(t, server, listener, sent), '200')
  assert.equal(await answered(t, server, listener, { as: `https://auth.example${path}` }), '401')
})

test('RFC 5849 §3.4.1.2: two paths on one origin, of which no request could say which was meant, are refused', async () => {
  for (const origins of [
    ['https://api.example/a', 'https://api.example/b'],
    ['https://api.example', 'https://API.example:443/v1'],
    ['https://auth.example/a', 'https://auth.example/b'],
  ])
    await assert.rejects(startOAuth1Server({ oauth1: { origins } }), {
      name: 'TypeError',
      message: /^oauth1\.origins: /,
    })
  const same = ['https://api.example/v1', 'https://API.example/v1/', 'http://api.example/v2']
  await startOAuth1Server({ oauth1: { origins: same } })
})

test("RFC 5849 §3.4.1.2: a path on the issuer's own origin stands for all of it: no signature for one path does for another", async (t) => {
  const server = await startOAuth1Server({ oauth1: { origins: ['https://auth.example/auth'] } })
  const listener = nodeHandler(server.provider, { trustProxy: () => true })
  const ask = (sent: Sent) => answered(t, server, listener, sent)
  assert.equal(await ask({ as: `https://auth.example/auth${path}`, target: path }), '200')
  assert.equal(await ask({ as: `https://auth.example/auth${path}`, target: path, host: 'evil.example' }), '200')
  assert.equal(await ask({ as: `https://auth.example${path}`, target: path }), '401')
  assert.equal(await ask({ as: `https://auth.example/other${path}`, target: path }), '401')
})

test('RFC 5849 §3.4.1.2: an issuer with a path is signed with it', async (t) => {
  const server = await startOAuth1Server({ issuer: 'https://auth.example/tenant' })
  const listener = nodeHandler(server.provider, { trustProxy: () => true })
  assert.equal(await answered(t, server, listener, { as: `https://auth.example/tenant${path}` }), '200')
})

test('RFC 5849 §3.4.1.2: what a framework takes off as a mount prefix was signed all the same', async (t) => {
  const server = await startOAuth1Server()
  const handle = nodeHandler(server.provider, { trustProxy: () => true })
  // As Express and Connect do for app.use('/auth', …).
  const mounted: RequestListener = (message, response) => {
    const seen = message as IncomingMessage & { originalUrl?: string }
    seen.originalUrl = message.url ?? ''
    message.url = seen.originalUrl.replace(/^\/auth/, '')
    handle(message, response)
  }
  assert.equal(await answered(t, server, mounted, { as: `https://auth.example/auth${path}` }), '200')
  const unmounted = { as: `https://auth.example${path}`, target: `/auth${path}` }
  assert.equal(await answered(t, server, mounted, unmounted), '401')
})

test('RFC 5849 §3.4.1.3.1: the raw path and query are signed, as they were sent', async (t) => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const { requireOAuth } = nodeProtector(server.provider, { trustProxy: () => true })
  const loopback = await listenOnLoopback(requireOAuth(undefined, (_message, response) => void response.end('in')))
  t.after(() => loopback.close())
  const targets = ['/a/../b', '/a%2fb', '/a%2Fb', '//double', '/%7Euser/', '/a;b=c', '/x?q=a%20b+c&q=%41&q=A', '/x?']
  for (const target of targets) {
    // Not through URL, which would resolve and re-encode.
    const { headers } = signRequest(
      { method: 'GET', url: `https://auth.example${target}` },
      {
        consumerKey,
        token: credentials.token,
        keys: { clientSecret: consumerSecret, tokenSecret: credentials.secret },
        signatureMethod: hmacSha1,
        timestamp: server.clock.now(),
        nonce: target,
      },
    )
    const answer = await loopback.exchange(
      `GET ${target} HTTP/1.1\r\nhost: x\r\nauthorization: ${headers.authorization}\r\nconnection: close\r\n\r\n`,
    )
    assert.equal(answer.slice(9, 12), '200', target)
  }
})

test('RFC 9112 §3.2.2: a target in absolute form is signed by its path', async (t) => {
  const server = await startOAuth1Server()
  const { requireOAuth } = nodeProtector(server.provider, { trustProxy: () => true })
  const credentials = await tokenFor(server)
  const loopback = await listenOnLoopback(requireOAuth(undefined, (_message, response) => void response.end('in')))
  t.after(() => loopback.close())
  const { headers } = signedFor(server, '/photos?a=b', { method: 'GET', credentials })
  const answer = await loopback.exchange(
    `GET http://elsewhere.example/photos?a=b HTTP/1.1\r\nhost: x\r\nauthorization: ${headers.authorization}\r\nconnection: close\r\n\r\n`,
  )
  assert.equal(answer.slice(9, 12), '200')
})

test('RFC 5849 §3.4.1.2: a host whose name is part of the scheme is no trap for the fetch adapter', async () => {
  for (const issuer of ['https://s', 'https://http', 'https://p:8443']) {
    const server = await startOAuth1Server({ issuer })
    const signed = signedFor(server, path, { parameters: { oauth_callback: callback } })
    const answer = await server.send(new Request(signed.url, { method: 'POST', headers: signed.headers }))
    assert.equal(await outcomeOf(answer), '200', issuer)
  }
})
