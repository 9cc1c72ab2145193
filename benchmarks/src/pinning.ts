import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Which processors the server and the load generator may use, as a command to put before theirs. */
export interface Pinning {
  readonly server: readonly string[]
  readonly generator: readonly string[]
  readonly description: string
}

/** The server on processor 0 and the generator on processor 1, where `taskset` and a second processor exist. */
export function findPinning(): Pinning {
  const possible = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0,1', 'true']).status === 0
  if (!possible) return { server: [], generator: [], description: 'processes not pinned (no taskset or one processor)' }
  return {
    server: ['taskset', '-c', '0'],
    generator: ['taskset', '-c', '1'],
    description: 'server on CPU 0, load generator on CPU 1',
  }
}
