import { join } from 'node:path'
import { newClientKey } from '../load/client-key.ts'
import { ACTORS } from '../load/target.ts'
import { extensionWorkloads } from '../workloads/list.ts'
import { programPath, programTarget } from './program.ts'
import type { BenchmarkServer, Launch } from './server.ts'

export const oidcProvider: BenchmarkServer = {
  name: 'oidc-provider',
  note: 'oidc-provider 9 on Koa; node:sqlite adapter, WAL, synchronous=FULL, one commit per turn',
  workloads: ['client_credentials', 'refresh', 'introspection', 'code_pkce', 'bearer'],
  prepare: (directory, port) => launch(directory, port),
}

/** The same with what the workloads of extensions need switched on. */
export const oidcProviderExtensions: BenchmarkServer = {
  name: 'oidc-provider',
  note: 'workloads of extensions: with resourceIndicators (JWTs for four resources, none of which it keeps), dPoP and pushedAuthorizationRequests',
  workloads: extensionWorkloads,
  prepare(directory, port) {
    const { privateJwk, publicJwk } = newClientKey()
    const { args, target } = launch(directory, port)
    return {
      args: [...args, 'extensions'],
      environment: { BENCHMARK_CLIENT_KEY: JSON.stringify(publicJwk) },
      target: { ...target, signingKey: privateJwk },
    }
  },
}

function launch(directory: string, port: number): Launch {
  const target = programTarget(port)
  return {
    args: [programPath('oidc-provider'), String(port), join(directory, 'oidc-provider.sqlite')],
    target: {
      ...target,
      paths: { ...target.paths, authorize: '/auth', introspect: '/token/introspection', push: '/request' },
      signIn: { username: ACTORS.username, password: ACTORS.password },
    },
  }
}
