import { programPath, programTarget } from './program.ts'
import type { BenchmarkServer } from './server.ts'

export const oauthorize: BenchmarkServer = {
  name: 'oauthorize',
  note: 'oauthorize and the strategies of passport-http-oauth on Express 5; in memory, nonces too: nothing is durable',
  workloads: ['oauth1_request', 'oauth1_flow'],
  prepare: (_directory, port) => ({
    args: [programPath('oauthorize'), String(port)],
    target: programTarget(port),
    readyWith: 'answer',
  }),
}
