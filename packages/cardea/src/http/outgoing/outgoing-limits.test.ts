import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { failsWith, get, json, plain } from '../../../test-support/outgoing-host.ts'
import { outgoing } from './outgoing.ts'

test('T-SSRF-1: an answer that is too large is cut off, whether it says so or not', async (t) => {
  let announced = true
  const { ask } = await plain(t, (_request, response) => {
    response.setHeader('content-type', 'application/json')
    if (announced) response.setHeader('content-length', 1001)
    // Without an announced length there is no end to it.
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(announced ? 1001 : 65_536))) if (announced) break
      if (!announced) response.once('drain', more)
      else response.end()
    }
    more()
  })
  await assert.rejects(ask({ maxBytes: 1000 }), failsWith('too_large'))
  announced = false
  await assert.rejects(ask({}, { maxBytes: 1000 }), failsWith('too_large'))
})

test('T-SSRF-1: an answer that drips is cut off when its time is over, as is one that never begins', async (t) => {
  const drips: NodeJS.Timeout[] = []
  t.after(() => drips.forEach(clearInterval))
  const { ask } = await plain(t, (request, response) => {
    if (request.headers['x-never'] !== undefined) return
    response.writeHead(200, { 'content-type': 'application/json' })
    drips.push(setInterval(() => response.write(' '), 5))
  })
  await assert.rejects(ask({ timeout: 100 }), failsWith('timed_out'))
  await assert.rejects(ask({ timeout: 100 }, { headers: { 'x-never': '1' } }), failsWith('timed_out'))
  const never = () => new Promise<never>(() => {})
  const patient = setTimeout(() => {}, 5000)
  await assert.rejects(get('https://keys.example/', { timeout: 50, resolve: never }), failsWith('timed_out'))
  clearTimeout(patient)
})

test('T-SSRF-1: an answer that breaks off, is no HTTP or has endless headers fails', async (t) => {
  let bytes = ''
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  assert(typeof address === 'object' && address !== null)
  const url = `http://127.0.0.1:${address.port}/`
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
  for (bytes of [
    '',
    'hello',
    `${head}Content-Length: 100\r\n\r\n{}`,
    `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}`,
    `${head}X: ${'x'.repeat(20_000)}\r\n\r\n{}`,
  ]) {
    await assert.rejects(get(url, { allowHosts: ['127.0.0.1'] }), failsWith('unreachable'), bytes.slice(0, 80))
  }
  bytes = Buffer.concat([Buffer.from(`${head}Content-Length: 1\r\n\r\n`), Buffer.from([0xff])]) as unknown as string
  await assert.rejects(get(url, { allowHosts: ['127.0.0.1'] }), failsWith('malformed'))
})

test('T-SSRF-1: a host gets no more requests at a time than it may, and its turn comes again', async (t) => {
  const waiting: (() => void)[] = []
  const { origin } = await plain(t, (_request, response) => {
    waiting.push(() => response.setHeader('content-type', 'application/json').end('{}'))
    if (waiting.length === 2) for (const answer of waiting.splice(0)) answer()
  })
  const door = outgoing({ allowHosts: ['127.0.0.1'], maxPerHost: 2 })
  const ask = () => door.send({ url: origin, accept: json })
  const both = Promise.all([ask(), ask()])
  await assert.rejects(ask(), failsWith('busy'))
  await both
  await Promise.all([ask(), ask()])
})
