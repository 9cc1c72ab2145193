import assert from 'node:assert/strict'
import { basic } from 'cardea/testing'
import { job } from './actors.ts'
import type { Case } from './cases.ts'
import { formType, machineToken, post, sendExactly } from './client.ts'
import type { Started } from './setup.ts'

const good = 'grant_type=client_credentials'

async function livesOn(server: Started): Promise<void> {
  assert.equal((await post(server, '/token', good)).status, 200)
}

const tooLarge: Case = {
  title: 'RFC 9110 §15.5.14: a body of 132 kB is a 413, whole or in chunks, and the server goes on',
  async run(server) {
    const path = new URL(`${server.issuer}/token`).pathname
    const body = `${good}&x=`.padEnd(132_000, 'x')
    const headers = ['content-type', formType, 'authorization', basic(job.id, job.secret)]
    for (const framing of [[], ['transfer-encoding', 'chunked']]) {
      const answer = await sendExactly(server, { method: 'POST', path, headers: [...headers, ...framing], body })
      assert.equal(answer.status, 413)
    }
    await livesOn(server)
  },
}

const malformed: readonly (readonly [what: string, body: string, type: string])[] = [
  ['JSON', '{"grant_type":"client_credentials"}', 'application/json'],
  ['broken JSON', '{"grant_type":', 'application/json'],
  ['no type', good, ''],
  ['text', good, 'text/plain'],
  ['nothing', '', formType],
  ['a broken escape', `${good}&scope=%zz`, formType],
  ['bytes that are not UTF-8', `${good}&scope=%ff`, formType],
  ['a repeated parameter', `${good}&scope=read&scope=write`, formType],
  ['a nested parameter', 'grant_type[a]=client_credentials', formType],
  ['a parameter named like a property of every object', '__proto__=1&constructor=2&toString=3', formType],
]

const malformedBodies: Case = {
  title: 'RFC 6749 §3.2, §5.2: what is no form, or a broken one, is a 400, never a failure and never waited for',
  async run(server) {
    for (const [what, body, type] of malformed) {
      const headers = type === '' ? [] : ['content-type', type]
      const sent = ['authorization', basic(job.id, job.secret), ...headers]
      const path = new URL(`${server.issuer}/token`).pathname
      const answer = await sendExactly(server, { method: 'POST', path, headers: sent, body })
      assert.equal(answer.status, 400, `${what}: ${answer.body}`)
    }
    await livesOn(server)
  },
}

const request = { method: 'POST', body: good } as const

const repeatedAuthorization: Case = {
  title: 'RFC 9110 §5.3: two Authorization headers let nobody in, whichever of them is good',
  async run(server) {
    const path = new URL(`${server.issuer}/token`).pathname
    const authorization = ['authorization', basic(job.id, job.secret)]
    const headers = ['content-type', formType, ...authorization, ...authorization]
    assert.equal((await sendExactly(server, { ...request, path, headers })).status, 401)
    const token = ['authorization', `Bearer ${await machineToken(server)}`]
    assert.equal((await sendExactly(server, { path: '/read', headers: token })).status, 200)
    assert.equal((await sendExactly(server, { path: '/read', headers: [...token, ...token] })).status, 400)
  },
}

const repeatedHost: Case = {
  title: 'RFC 9112 §3.2: a request with two Host headers is refused',
  where: (_setup, { seesHosts = true }) => seesHosts,
  async run(server) {
    const path = new URL(`${server.issuer}/token`).pathname
    const headers = ['content-type', formType, 'authorization', basic(job.id, job.secret)]
    assert.equal((await sendExactly(server, { ...request, path, headers })).status, 200)
    const answer = await sendExactly(server, { ...request, path, headers: [...headers, 'host', 'evil.example'] })
    assert.equal(answer.status, 400)
  },
}

const absoluteTarget: Case = {
  title: 'RFC 9112 §3.2.2: a target in absolute form, of whatever host, is answered like its path',
  async run(server) {
    const { origin, pathname } = new URL(`${server.issuer}/token`)
    const headers = ['content-type', formType, 'authorization', basic(job.id, job.secret)]
    for (const authority of [origin, 'http://elsewhere.example']) {
      const path = `${authority}${pathname}`
      assert.equal((await sendExactly(server, { ...request, path, headers })).status, 200, path)
      assert.equal((await sendExactly(server, { ...request, path: `${path}/x`, headers })).status, 404, path)
    }
  },
}

const proxies: Case = {
  title: 'adapter: forwarded headers count where the adapter is told so, whatever the framework believes',
  async run({ events, ...server }, { trusting }) {
    if (events === undefined) return
    const before = events.length
    const headers = { 'x-forwarded-for': '198.51.100.9', authorization: basic(job.id, 'wrong') }
    await post({ ...server, events }, '/token', good, { headers })
    const event = events.slice(before).find(({ type }) => type === 'client_authentication_failed')
    const address = event?.type === 'client_authentication_failed' ? event.remoteAddress : 'no event'
    assert.equal(address, trusting ? '198.51.100.9' : '127.0.0.1')
  },
}

export const hostileCases: readonly Case[] = [
  tooLarge,
  malformedBodies,
  repeatedAuthorization,
  repeatedHost,
  absoluteTarget,
  proxies,
]
