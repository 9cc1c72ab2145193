import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { failsWith, json } from '../../../test-support/outgoing-host.ts'
import { nodeTransport } from './node-transport.ts'
import { outgoing } from './outgoing.ts'

const toLoopback = async () => [{ address: '127.0.0.1', family: 4 as const }]

/** Has many names, and never closes a connection by itself. */
async function startHolding(t: TestContext) {
  const state = { open: 0 }
  const server = createServer({ keepAliveTimeout: 600_000 }, (_request, response) => {
    response.setHeader('content-type', 'application/json').end('{}')
  })
  server.on('connection', (socket) => {
    state.open += 1
    socket.on('close', () => {
      state.open -= 1
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { state, server, port: (server.address() as AddressInfo).port }
}

test('T-SSRF-1: hosts of many names get no more connections kept than a few', async (t) => {
  const { port, state } = await startHolding(t)
  const names = Array.from({ length: 200 }, (_, number) => `h${number}.example`)
  const door = outgoing({ allowHosts: names, resolve: toLoopback })
  for (const name of names) await door.send({ url: `http://${name}:${port}/`, accept: json })
  // More round trips: what was closed by us has arrived by then.
  for (const _time of [1, 2, 3]) await door.send({ url: `http://h0.example:${port}/`, accept: json })
  assert.ok(state.open <= 70, `${state.open} are open`)
})

test('T-SSRF-1: a connection that nobody uses is closed, whatever the other side would like', async (t) => {
  const { port, server } = await startHolding(t)
  const door = outgoing({ allowHosts: ['127.0.0.1'], transport: nodeTransport({ idleTimeout: 20 }) })
  const [[socket]] = await Promise.all([
    once(server, 'connection'),
    door.send({ url: `http://127.0.0.1:${port}/`, accept: json }),
  ])
  await once(socket, 'close')
})

test('T-SSRF-1: all hosts together get no more requests at a time than they may', async (t) => {
  const waiting: (() => void)[] = []
  const server = createServer((_request, response) => {
    waiting.push(() => response.setHeader('content-type', 'application/json').end('{}'))
    if (waiting.length === 3) for (const answer of waiting.splice(0)) answer()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const allowHosts = ['a.example', 'b.example', 'c.example', 'd.example']
  const door = outgoing({ allowHosts, resolve: toLoopback, maxAtOnce: 3 })
  const ask = (name: string) => door.send({ url: `http://${name}.example:${port}/`, accept: json })
  const three = Promise.all(['a', 'b', 'c'].map(ask))
  await assert.rejects(ask('d'), failsWith('busy'))
  await three
  await Promise.all(['b', 'c', 'd'].map(ask))
})
