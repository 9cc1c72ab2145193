import { join } from 'node:path'
import { ACTORS } from '../load/target.ts'
import { programPath, programTarget } from './program.ts'
import type { BenchmarkServer } from './server.ts'

export const oidcProvider: BenchmarkServer = {
  name: 'oidc-provider',
  note: 'oidc-provider 9 on Koa; node:sqlite adapter, WAL, synchronous=FULL, one commit per turn',
  workloads: ['client_credentials', 'refresh', 'introspection', 'code_pkce', 'bearer'],
  prepare(directory, port) {
    const target = programTarget(port)
    return {
      args: [programPath('oidc-provider'), String(port), join(directory, 'oidc-provider.sqlite')],
      target: {
        ...target,
        paths: { ...target.paths, authorize: '/auth', introspect: '/token/introspection' },
        signIn: { username: ACTORS.username, password: ACTORS.password },
      },
    }
  },
}
