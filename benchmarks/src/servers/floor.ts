import { join } from 'node:path'
import { newClientKey } from '../load/client-key.ts'
import { workloadNames } from '../workloads/list.ts'
import { programPath, programTarget } from './program.ts'
import type { BenchmarkServer } from './server.ts'

export const floor: BenchmarkServer = {
  name: 'floor',
  note: 'bare node:http doing only what cannot be left out; node:sqlite, WAL, synchronous=FULL, one commit per turn',
  workloads: workloadNames,
  prepare(directory, port) {
    const { privateJwk, publicJwk } = newClientKey()
    return {
      args: [programPath('floor'), String(port), join(directory, 'floor.sqlite')],
      environment: { BENCHMARK_CLIENT_KEY: JSON.stringify(publicJwk) },
      target: { ...programTarget(port), signingKey: privateJwk },
    }
  },
}
