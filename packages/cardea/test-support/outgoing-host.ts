import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type OutgoingRequest, outgoing } from '../src/http/outgoing/outgoing.ts'
import { OutgoingFailed, type OutgoingProblem } from '../src/http/outgoing/outgoing-failed.ts'
import type { OutgoingOptions } from '../src/http/outgoing/outgoing-options.ts'
import { listenOnLoopback } from '../src/testing/loopback.ts'

export const json = ['application/json']
export const failsWith = (problem: OutgoingProblem) => (error: unknown) => {
  assert(error instanceof OutgoingFailed, String(error))
  assert.equal(error.problem, problem)
  return true
}

export const get = (url: string, options: OutgoingOptions = {}, more: Partial<OutgoingRequest> = {}) =>
  outgoing(options).send({ url, accept: json, ...more })

/** A plain server on this machine, which is reached by name. */
export async function plain(t: TestContext, ...[listener]: Parameters<typeof listenOnLoopback>) {
  const { origin, close } = await listenOnLoopback(listener)
  t.after(close)
  const local = { allowHosts: ['127.0.0.1'] }
  return {
    origin,
    ask: (options: OutgoingOptions = {}, more = {}) => get(`${origin}/doc`, { ...local, ...options }, more),
  }
}
