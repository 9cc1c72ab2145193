import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Behaviour, honestly, startRemoteScene } from '../test-support/remote-places.ts'

/** Status of each place while its host misbehaves: the client's fault where the client chose the host. */
const refusals: Readonly<Record<string, number>> = {
  'keys that a client proves itself by': 401,
  'keys of a signed request': 503,
  'a request by reference': 400,
  'keys that an answer is encrypted for': 503,
  'a document about a client': 400,
  'keys of an issuer whose assertion is a grant': 503,
  'keys of an issuer whose token is exchanged': 503,
  'keys of whoever vouches for software': 503,
  'metadata and keys of an issuer at a resource': 503,
}

const redirecting =
  (status: number): Behaviour =>
  (_request, response, { body, type }) =>
    void response.writeHead(status, { location: '/assertion/jwks', 'content-type': type }).end(body)

const withStatus =
  (status: number): Behaviour =>
  (_request, response, { body, type }) =>
    void response.writeHead(status, { 'content-type': type }).end(body)

const withType =
  (type: string): Behaviour =>
  (_request, response, { body }) =>
    void response.writeHead(200, { 'content-type': type }).end(body)

/** A body of that kind, whatever is asked for. */
const withBody =
  (change: (body: string) => string | Buffer, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (_request, response, { body, type }) =>
    void response.writeHead(200, { 'content-type': type, ...headers }).end(change(body))

/** Never ends by itself. */
const hanging =
  (begin: Behaviour): Behaviour =>
  (request, response, honest) => {
    response.on('error', () => {})
    begin(request, response, honest)
  }

const endless: Behaviour = (_request, response, { type }) => {
  response.writeHead(200, { 'content-type': type })
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
    response.once('drain', more)
  }
  more()
}

const dripping: Behaviour = (_request, response, { type }) => {
  response.writeHead(200, { 'content-type': type })
  const drip = setInterval(() => response.write(' '), 10)
  response.on('close', () => clearInterval(drip))
}

const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`
const bomb = gzipSync(Buffer.alloc(20_000_000))
const utf16: Behaviour = withBody((body) => Buffer.from(body, 'utf16le'))

const behaviours: Readonly<Record<string, Behaviour>> = {
  ...Object.fromEntries(
    [300, 301, 302, 303, 304, 307, 308].map((status) => [`redirects (${status})`, redirecting(status)]),
  ),
  ...Object.fromEntries(
    [201, 203, 204, 206, 400, 401, 404, 410, 429, 500, 503].map((s) => [`answers ${s}`, withStatus(s)]),
  ),
  'sends a page': withType('text/html'),
  'sends plain text': withType('text/plain'),
  'sends bytes': withType('application/octet-stream'),
  'sends a script': withType('text/javascript'),
  'sends two types in one': withType('text/html, application/json'),
  'sends no type': (_request, response, { body }) => void response.writeHead(200).end(body),
  'sends nothing': withBody(() => ''),
  'sends UTF-16': utf16,
  'sends what is no UTF-8': withBody((body) => Buffer.concat([Buffer.from(body.slice(0, -1)), Buffer.from([0xff])])),
  'sends half of it': withBody((body) => body.slice(0, body.length / 2)),
  'sends a list': withBody(() => '[]'),
  'sends a number': withBody(() => '1e999'),
  'sends null': withBody(() => 'null'),
  'sends members twice': withBody((body) => body.replace(/^[{e]/, '{"keys":[],"client_id":"x","issuer":"x",')),
  'sends a prototype': withBody((body) => body.replace(/^[{e]/, '{"__proto__":{},')),
  'nests without end': withBody((body) => body.replace(/^\{/, `{"x":${nested},`).replace(/^e/, '[')),
  'sends too much': withBody((body) => `${body}${' '.repeat(200_000)}`),
  'promises too much': (_request, response, { type }) =>
    void response.writeHead(200, { 'content-type': type, 'content-length': '4000000000' }).write('{'),
  'never stops': hanging(endless),
  'sends a bomb': withBody(() => bomb, { 'content-encoding': 'gzip' }),
  'sends an encoding that is none': withBody((body) => body, { 'content-encoding': 'x-none' }),
  'breaks off': (_request, response, { type }) => {
    response.writeHead(200, { 'content-type': type, 'content-length': '100' }).write('{')
    setImmediate(() => response.destroy())
  },
  'hangs up': (_request, response) => void response.destroy(),
  'speaks something else': (request) => void request.socket.end('220 mail.example ESMTP\r\n'),
  'changes the protocol': (request) =>
    void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'),
  'has endless headers': (request) =>
    void request.socket.end(`HTTP/1.1 200 OK\r\n${`X: ${'x'.repeat(1000)}\r\n`.repeat(100)}\r\n{}`),
}

const slow: Readonly<Record<string, Behaviour>> = {
  'never answers': () => {},
  'drips its body': hanging(dripping),
  'drips its headers': (request) => {
    request.socket.write('HTTP/1.1 200 OK\r\n')
    const drip = setInterval(() => request.socket.write('X: x\r\n'), 10)
    request.socket.on('error', () => {}).on('close', () => clearInterval(drip))
  },
  'says without end that it will answer': (request) => {
    const drip = setInterval(
      () => request.socket.write('HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n'.repeat(100)),
      10,
    )
    request.socket.on('error', () => {}).on('close', () => clearInterval(drip))
  },
}

const all = [
  ...Object.entries(behaviours).map(([what, behaviour]) => [what, behaviour, 5000] as const),
  ...Object.entries(slow).map(([what, behaviour]) => [what, behaviour, 1500] as const),
]

for (const [what, behaviour, timeout] of all) {
  test(`T-SSRF-1, BEAT-01: of a host that ${what} nobody who asks it takes anything, and all recover with it`, async (t) => {
    const { asked, behave, places, server } = await startRemoteScene(t, { timeout })
    const outcomes = async (): Promise<Record<string, number>> =>
      Object.fromEntries(
        await Promise.all(Object.entries(places).map(async ([place, run]) => [place, (await run()).status] as const)),
      )
    behave(behaviour)
    assert.deepEqual(await outcomes(), refusals)
    // Each document was asked for once, although two wanted the keys of one issuer: nothing was followed or tried again.
    assert.equal(asked.filter((path) => !path.includes('openid')).length, 8)
    assert.equal(
      server.events.some(({ type }) => type === 'internal_error'),
      false,
    )
    behave(honestly)
    server.clock.advance(11)
    for (const [place, status] of Object.entries(await outcomes())) assert.ok(status < 400, `${place}: ${status}`)
  })
}
