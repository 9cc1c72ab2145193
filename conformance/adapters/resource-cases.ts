import assert from 'node:assert/strict'
import { job } from './actors.ts'
import type { Case } from './cases.ts'
import { bearer, machineToken } from './client.ts'

const letIn: Case = {
  title: 'RFC 6750 §2.1: a token with the scope lets its bearer in, and the handler knows it',
  async run({ origin, issuer, ...server }) {
    const headers = bearer(await machineToken({ origin, issuer, ...server }))
    const { expiresAt, ...known } = (await (await fetch(`${origin}/read`, { headers })).json()) as { expiresAt: number }
    assert.deepEqual(known, { scheme: 'Bearer', clientId: job.id, scope: ['read'] })
    assert.ok(expiresAt > server.now())
  },
}

const challenges: Case = {
  title: 'RFC 6750 §3, RFC 9110 §11.6.1: 401 names every scheme, 403 the scope that is needed',
  async run(server) {
    const { issuer, origin } = server
    const rows = [
      [undefined, 401, new RegExp(`^Bearer realm="${issuer}", OAuth realm="${issuer}"$`), 'invalid_token'],
      ['Bearer x', 401, /^Bearer realm="[^"]+", error="invalid_token"/, 'invalid_token'],
      ['Bearer', 400, /^Bearer realm="[^"]+", error="invalid_request"/, 'invalid_request'],
      [
        `Bearer ${await machineToken(server)}`,
        403,
        /error="insufficient_scope".* scope="write"$/,
        'insufficient_scope',
      ],
    ] as const
    for (const [authorization, status, challenge, error] of rows) {
      const answer = await fetch(`${origin}/write`, authorization === undefined ? {} : { headers: { authorization } })
      assert.equal(answer.status, status, authorization)
      assert.match(answer.headers.get('www-authenticate') ?? '', challenge)
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      assert.equal(((await answer.json()) as { error: string }).error, error)
    }
  },
}

const optional: Case = {
  title: 'RFC 6750 §3.1: a route that is open knows who calls, and refuses a token that does not hold',
  async run(server) {
    const open = (headers: Record<string, string> = {}) => fetch(`${server.origin}/open`, { headers })
    assert.deepEqual(await (await open()).json(), { caller: null })
    assert.deepEqual(await (await open(bearer(await machineToken(server)))).json(), { caller: job.id })
    assert.equal((await open(bearer('x'))).status, 401)
    assert.equal((await open(bearer(await machineToken(server, 'write')))).status, 403)
  },
}

const places: Case = {
  title: 'RFC 9700 §4.3.2: a token in the URL opens nothing',
  async run(server) {
    const token = await machineToken(server)
    assert.equal((await fetch(`${server.origin}/read?access_token=${token}`)).status, 401)
  },
}

const bodies: Case = {
  title: 'adapter: a body that nobody has signed reaches the handler as the framework reads it',
  async run(server) {
    const answer = await fetch(`${server.origin}/echo`, {
      method: 'POST',
      body: '{"a":["é",1]}',
      headers: { ...bearer(await machineToken(server)), 'content-type': 'application/json' },
    })
    assert.deepEqual([answer.status, await answer.json()], [200, { a: ['é', 1] }])
  },
}

const failing: Case = {
  title: 'I10: what a handler throws is the framework’s to answer, and the server lives on',
  async run(server) {
    const headers = bearer(await machineToken(server))
    for (let round = 0; round < 2; round += 1) {
      assert.equal((await fetch(`${server.origin}/failing`, { headers })).status, 500)
    }
    assert.equal((await fetch(`${server.origin}/read`, { headers })).status, 200)
  },
}

export const resourceCases: readonly Case[] = [letIn, challenges, optional, places, bodies, failing]
