import { join } from 'node:path'
import { ACTORS } from '../load/target.ts'
import { workloadNames } from '../workloads/list.ts'
import { programPath, programTarget } from './program.ts'
import type { BenchmarkServer } from './server.ts'

export const cardeaLibrary: BenchmarkServer = {
  name: 'cardea-library',
  note: "the library in somebody's node:http server; node:sqlite, WAL, synchronous=FULL",
  workloads: workloadNames,
  prepare: (directory, port) => ({
    args: [programPath('cardea-library'), String(port), join(directory, 'cardea.sqlite')],
    target: { ...programTarget(port), signIn: { username: ACTORS.username, password: ACTORS.password } },
  }),
}
