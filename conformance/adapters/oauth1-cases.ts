import assert from 'node:assert/strict'
import type { Case } from './cases.ts'
import { send, signed, tokenFor } from './oauth1-client.ts'
import { keepsBodies } from './setup.ts'

const threeLegs: Case = {
  title: 'RFC 5849 §2: temporary credentials, the person’s decision, token credentials; signed in header or query',
  async run(server) {
    for (const place of ['header', 'query'] as const) assert.ok((await tokenFor(server, place)).token, place)
  },
}

const threeLegsInForms: Case = {
  title: 'RFC 5849 §3.5.2: temporary credentials, the person’s decision, token credentials; signed in forms',
  where: keepsBodies,
  run: async (server) => assert.ok((await tokenFor(server, 'body')).token),
}

const requestLine: Case = {
  title: 'RFC 5849 §3.4.1: the request line counts as it was sent: repeats, empty values, escapes, their order',
  async run(server) {
    const credentials = await tokenFor(server)
    const query = 'b=%7e&a=x+y&a=&a=%20x&c&%C3%A9=%E2%98%83&d[e]=%5B1%5D&a3=2%20q'
    const get = signed(server, `${server.origin}/read?${query}`, { method: 'GET', credentials })
    const answer = await send(server, get)
    const known = JSON.parse(answer.body) as { scheme: string; clientId: string; userId: string }
    assert.deepEqual([answer.status, known.scheme, known.userId], [200, 'OAuth', 'u-john'], answer.body)
    const changed = signed(server, `${server.origin}/read?${query}`, { method: 'GET', credentials })
    const answered = await send(server, { ...changed, url: changed.url.replace('%7e', '%7f') })
    assert.equal(answered.status, 401)
    assert.match(answered.headers['www-authenticate'] ?? '', /^OAuth realm=/)
  },
}

const form = 'b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2&a3=2+q&%E2%98%83=%C3%A9%20%26'

const signedForm: Case = {
  title: 'RFC 5849 §3.4.1.3.1: a form is part of what is signed, whoever has read it before',
  where: (setup, adapter) => (adapter.takesForms?.(setup) ?? true) && keepsBodies(setup, adapter),
  async run(server) {
    const credentials = await tokenFor(server)
    const written = () => signed(server, `${server.origin}/read?q=1`, { credentials, body: form })
    const answer = await send(server, written())
    assert.equal(answer.status, 200, answer.body)
    const changed = await send(server, { ...written(), body: form.replace('a3=a', 'a3=b') })
    assert.equal(changed.status, 401)
  },
}

const parsedForm: Case = {
  title: 'RFC 5849 §3.4.1: where a parser has kept nothing of what was sent, no signed form is let in',
  where: (setup, adapter) => !keepsBodies(setup, adapter),
  async run(server) {
    const credentials = await tokenFor(server)
    const written = signed(server, `${server.origin}/read?q=1`, { credentials, body: form })
    const answer = await send(server, written)
    assert.deepEqual([answer.status, JSON.parse(answer.body).error], [400, 'invalid_request'], answer.body)
  },
}

const once: Case = {
  title: 'RFC 5849 §3.3: a request that is sent again is refused',
  async run(server) {
    const credentials = await tokenFor(server)
    const get = signed(server, `${server.origin}/read`, { method: 'GET', credentials })
    assert.deepEqual([(await send(server, get)).status, (await send(server, get)).status], [200, 401])
  },
}

export const oauth1Cases: readonly Case[] = [threeLegs, threeLegsInForms, requestLine, signedForm, parsedForm, once]
