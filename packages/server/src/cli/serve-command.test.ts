import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { createServer } from 'node:http'
import { request } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { localhostCertificate } from '../../test-support/localhost-certificate.ts'

const secret = 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa'
const env = { CARDEA_ISSUER: 'http://localhost:8000', CARDEA_SECRETS: secret }

const robot = { client_id: 'robot', client_secret: 'a chosen secret', grant_types: ['client_credentials'] }

const tokenRequest = (url: string, body = 'grant_type=client_credentials') =>
  fetch(`${url}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('robot:a%20chosen%20secret').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body,
  })

test('serve: declares rows, issues a token, reports health, and stops at SIGTERM', async () => {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', { clients: [robot], scopes: [{ name: 'read', is_default: true }] })
  const server = await cli.serve('serve --port 0', { env })
  const answer = await tokenRequest(server.url)
  assert.equal(answer.status, 200)
  const { access_token } = (await answer.json()) as { access_token: string }
  assert.deepEqual(await (await fetch(`${server.url}/health/live`)).json(), { status: 'live' })
  assert.deepEqual(await (await fetch(`${server.url}/health/ready`)).json(), { status: 'ready' })
  assert.equal((await fetch(`${server.url}/.well-known/oauth-authorization-server`)).status, 200)
  server.signal('SIGTERM')
  const { code, out, err } = await server.done
  assert.equal(code, 0)
  assert.equal(out.trim().split('\n').length, 1, 'one JSON document')
  const log = server.log()
  assert.match(log, /"msg":"listening"/)
  assert.match(log, /"msg":"declared row brought up to date"/)
  assert.match(log, /"msg":"stopped"/)
  for (const canary of [access_token, secret, 'a chosen secret']) {
    assert.equal((out + err + log).includes(canary), false, canary)
    assert.equal(cli.read('cardea.sqlite').includes(canary), false, canary)
  }
})

test('serve: unknown paths are 404 as the client likes it, TRACE is off, the demonstration is not there', async () => {
  const cli = new InProcessWorld()
  const server = await cli.serve('serve --port 0', { env })
  const json = await fetch(`${server.url}/nope`)
  assert.equal(json.status, 404)
  assert.equal(((await json.json()) as { error: string }).error, 'not_found')
  const html = await fetch(`${server.url}/nope`, { headers: { accept: 'text/html' } })
  assert.equal(html.status, 404)
  assert.match(html.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  for (const path of ['/', '/demo/resource', '/web/authorize', '/api/v1/tokens']) {
    assert.equal((await fetch(server.url + path)).status, 404, path)
  }
  const socket = connect(Number(server.url.split(':').at(-1)), '127.0.0.1')
  socket.write('TRACE /token HTTP/1.1\r\nHost: localhost\r\nCookie: canary=1\r\nConnection: close\r\n\r\n')
  const traced = String(Buffer.concat(await socket.toArray()))
  assert.match(traced, /^HTTP\/1\.1 405 /)
  assert.doesNotMatch(traced, /canary/)
  assert.equal((await fetch(`${server.url}/health/live`, { method: 'DELETE' })).status, 405)
  server.signal('SIGINT')
  await server.done
})

test('serve: refuses double lengths, missing hosts and headers beyond 16 kB', async () => {
  const cli = new InProcessWorld()
  const server = await cli.serve('serve --port 0', { env })
  const port = Number(server.url.split(':').at(-1))
  const requests = [
    'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
    'GET /token HTTP/1.1\r\nConnection: close\r\n\r\n',
    `GET /token HTTP/1.1\r\nHost: a\r\nX-Big: ${'x'.repeat(17_000)}\r\n\r\n`,
  ]
  for (const text of requests) {
    const socket = connect(port, '127.0.0.1')
    socket.write(text)
    const answer = String(Buffer.concat(await socket.toArray()))
    assert.match(answer, /^HTTP\/1\.1 (400|431) /, text.slice(0, 60))
  }
  server.signal('SIGINT')
  await server.done
})

test('serve: a request under way is finished before it stops, with Connection: close; new ones are refused', async () => {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', { clients: [robot] })
  const server = await cli.serve('serve --port 0', { env })
  const port = Number(server.url.split(':').at(-1))
  const body = 'grant_type=client_credentials&client_id=robot&client_secret=nope'
  const socket = connect(port, '127.0.0.1')
  const unused = connect(port, '127.0.0.1')
  await once(unused, 'connect')
  socket.write(
    `POST /token HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  const [interim] = (await once(socket, 'data')) as [Buffer]
  assert.match(String(interim), /^HTTP\/1\.1 100 /)
  server.signal('SIGTERM')
  await once(unused, 'close')
  const late = connect(port, '127.0.0.1')
  const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
  assert.equal(error.code, 'ECONNREFUSED')
  socket.write(body)
  const answer = String(Buffer.concat(await socket.toArray()))
  assert.match(answer, /^HTTP\/1\.1 401 /)
  assert.match(answer, /\r\nconnection: close\r\n/i)
  assert.equal((await server.done).code, 0)
})

test('serve: a request that meets the stop on a kept connection is answered, and the connection closed', async () => {
  const cli = new InProcessWorld()
  const server = await cli.serve('serve --port 0', { env })
  const socket = connect(Number(server.url.split(':').at(-1)), '127.0.0.1')
  const ask = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'
  socket.write(ask)
  const [first] = (await once(socket, 'data')) as [Buffer]
  assert.match(String(first), /^HTTP\/1\.1 200 .*\r\nconnection: keep-alive\r\n/is)
  server.signal('SIGTERM')
  socket.write(ask)
  assert.match(String(Buffer.concat(await socket.toArray())), /^HTTP\/1\.1 200 .*\r\nconnection: close\r\n/is)
  assert.equal((await server.done).code, 0)
})

test('serve: what takes longer than the grace is cut off, and a second signal ends at once', async () => {
  const cli = new InProcessWorld()
  const slow = { ...env, CARDEA_SHUTDOWN_GRACE: '0' }
  const server = await cli.serve('serve --port 0', { env: slow })
  const socket = connect(Number(server.url.split(':').at(-1)), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    'POST /token HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\n',
  )
  await once(socket, 'data')
  server.signal('SIGINT')
  assert.equal(server.endedNow(), undefined)
  server.signal('SIGINT')
  assert.equal(server.endedNow(), 130)
  assert.equal((await server.done).code, 0)
  assert.match(server.log(), /"requests":1,"msg":"stopped; some requests took too long/)
})

test('serve: a port in use is one clear line, and nothing is left open', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const { code, err } = await new InProcessWorld().run(`serve --port ${port}`, { env })
  taken.close()
  assert.equal(code, 1)
  assert.equal(err, `error: Port ${port} on 127.0.0.1 is in use; stop what uses it, or choose another with --port\n`)
  const elsewhere = await new InProcessWorld().run('serve --port 0 --host 192.0.2.1', { env })
  assert.match(elsewhere.err, /is not an address of this machine/)
})

test('serve: a database that cannot be opened is one clear line', async () => {
  const cli = new InProcessWorld()
  cli.write('cardea.sqlite', 'this is not a database, it is a text that somebody put there')
  const { code, err } = await cli.run('serve --port 0', { env })
  assert.equal(code, 1)
  assert.match(err, /^error: .*not a database\n$/)
})

test('serve: speaks https with its own certificate, and tells browsers to stay there', async () => {
  const cli = new InProcessWorld()
  cli.write('cert.pem', localhostCertificate.cert)
  chmodSync(cli.write('key.pem', localhostCertificate.key), 0o600)
  const server = await cli.serve('serve --port 0', {
    env: {
      ...env,
      CARDEA_ISSUER: 'https://localhost',
      CARDEA_TLS_CERT_FILE: 'cert.pem',
      CARDEA_TLS_KEY_FILE: 'key.pem',
    },
  })
  const url = `https://localhost:${server.url.split(':').at(-1)}/.well-known/oauth-authorization-server`
  const answer = await new Promise<{ status: number | undefined; hsts: unknown }>((resolve, reject) => {
    request(url, { ca: localhostCertificate.cert, agent: false, family: 4 }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] })
    })
      .on('error', reject)
      .end()
  })
  assert.deepEqual(answer, { status: 200, hsts: 'max-age=31536000' })
  server.signal('SIGTERM')
  assert.equal((await server.done).code, 0)
})

test('serve: behind a trusted proxy the address in the log is the one it speaks for; from others it is ignored', async () => {
  const cli = new InProcessWorld()
  const wrong = {
    authorization: 'Basic bm86bm8=',
    'content-type': 'application/x-www-form-urlencoded',
    'x-forwarded-for': '203.0.113.7',
  }
  const seenBy = async (variables: Record<string, string>): Promise<unknown> => {
    const server = await cli.serve('serve --port 0', { env: variables })
    const body = 'grant_type=client_credentials'
    assert.equal((await fetch(`${server.url}/token`, { method: 'POST', headers: wrong, body })).status, 401)
    server.signal('SIGTERM')
    await server.done
    const line = server
      .log()
      .split('\n')
      .find((entry) => entry.includes('client_authentication_failed'))
    return (JSON.parse(line ?? '{}') as { remoteAddress?: string }).remoteAddress
  }
  assert.equal(await seenBy({ ...env, CARDEA_TRUSTED_PROXIES: 'loopback' }), '203.0.113.7')
  assert.equal(await seenBy(env), '127.0.0.1')
})
