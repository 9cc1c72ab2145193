import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import dns from 'node:dns'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { failsWith, get } from '../../../test-support/outgoing-host.ts'
import { byQuestion } from './resolve.ts'

const typeA = 1
const typeAaaa = 28

/** The name and the type of a question (RFC 1035 §4.1.2). */
function questionOf(message: Buffer) {
  const labels: string[] = []
  let at = 12
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 }
}

/** RFC 1035 §4.1: the answer to that question. */
function answerTo(message: Buffer, addresses: readonly string[]): Buffer {
  const { end, type } = questionOf(message)
  const known = type === typeA ? addresses : []
  const header = Buffer.from(message.subarray(0, 12))
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(known.length, 6)
  header.writeUInt32BE(0, 8)
  const records = known.map((address) =>
    Buffer.from([0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  )
  return Buffer.concat([header, message.subarray(12, end), ...records])
}

/** A name server; names that it does not know, and types that it is silent about, are never answered. */
async function startNames(t: TestContext, names: Readonly<Record<string, readonly string[]>>, silentAbout?: number) {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (message, { address, port }) => {
    const { name, type } = questionOf(message)
    asked.push(name)
    const addresses = names[name]
    if (addresses !== undefined && type !== silentAbout) socket.send(answerTo(message, addresses), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const before = dns.getServers()
  dns.setServers([`127.0.0.1:${socket.address().port}`])
  t.after(() => {
    dns.setServers(before)
    socket.close()
  })
  return asked
}

test('T-SSRF-1: names whose servers are silent keep nobody else from an answer, and hold no more than their time', async (t) => {
  const asked = await startNames(t, { 'private.example': ['10.0.0.1'], 'both.example': ['8.8.8.8', '127.0.0.1'] })
  const silent = Array.from({ length: 20 }, (_, count) => get(`https://silent${count}.example/`, { timeout: 1000 }))
  const ended = Promise.allSettled(silent)
  await assert.rejects(get('https://private.example/'), failsWith('forbidden_address'))
  await assert.rejects(get('https://both.example/'), failsWith('forbidden_address'))
  for (const outcome of await ended) assert.ok(outcome.status === 'rejected' && failsWith('timed_out')(outcome.reason))
  assert.ok(asked.includes('silent0.example') && asked.includes('private.example'))
})

test('RFC 8305 §3: a name server that is silent about IPv6 does not take the time there is for the document', async (t) => {
  const asked = await startNames(t, { 'private.example': ['10.0.0.1'] }, typeAaaa)
  await assert.rejects(get('https://private.example/', { timeout: 3000 }), failsWith('forbidden_address'))
  assert.ok(asked.length > 1)
})

test('T-SSRF-1: without any name server the operating system is asked', async (t) => {
  const before = dns.getServers()
  dns.setServers([])
  t.after(() => dns.setServers(before))
  assert.deepEqual(await byQuestion('127.0.0.1'), [{ address: '127.0.0.1', family: 4 }])
})

test('T-SSRF-1: a host that is allowed by name is resolved as the operating system does it', async (t) => {
  const asked = await startNames(t, { localhost: ['10.0.0.1'] })
  await assert.rejects(get('https://localhost:1/', { allowHosts: ['localhost'] }), failsWith('unreachable'))
  assert.deepEqual(asked, [])
})
