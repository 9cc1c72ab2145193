import { programPath, programTarget } from './program.ts'
import type { BenchmarkServer } from './server.ts'

/** The yardstick of the others. */
export const NODE_ADAPTER = 'node'

const notes: Readonly<Record<string, string>> = {
  [NODE_ADAPTER]: 'nodeHandler on node:http, the yardstick',
  fetch: 'fetchHandler behind the request listener of @hono/node-server',
  express: 'Express 5',
  express4: 'Express 4',
  fastify: 'Fastify 5',
  hono: 'Hono 4 behind @hono/node-server',
  koa: 'Koa 3',
  nest: 'NestJS 11 on Express',
}

/** The same engine on a store in memory, so that nothing is measured but the way in and out. */
export const adapters: readonly BenchmarkServer[] = Object.entries(notes).map(([name, note]) => ({
  name,
  note,
  workloads: ['client_credentials'],
  prepare: (_directory, port) => ({
    args: [programPath('adapter-host'), String(port), name],
    target: programTarget(port),
  }),
}))
