import { join } from 'node:path'
import { ACTORS } from '../load/target.ts'
import { programPath, programTarget } from './program.ts'
import type { BenchmarkServer } from './server.ts'

/** A resource is the host's own, so it is measured in a host: the library's `requireOAuth` on the same store, for both. */
export const cardeaResource: BenchmarkServer = {
  name: 'cardea',
  note: "bearer, dpop_request and oauth1_request only: requireOAuth of the library in a host's node:http server, on the same store",
  workloads: ['bearer', 'dpop_request', 'oauth1_request'],
  prepare: (directory, port) => ({
    args: [programPath('cardea-resource'), String(port), join(directory, 'cardea.sqlite')],
    target: { ...programTarget(port), signIn: { username: ACTORS.username, password: ACTORS.password } },
  }),
}
