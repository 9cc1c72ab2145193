import { programPath, programTarget } from './program.ts'
import type { BenchmarkServer } from './server.ts'

export const nodeOauth2Server: BenchmarkServer = {
  name: 'node-oauth2-server',
  note: '@node-oauth/oauth2-server 5 on Express 5; in memory: nothing is durable; it has no introspection',
  workloads: ['client_credentials', 'refresh', 'code_pkce', 'bearer'],
  prepare: (_directory, port) => ({
    args: [programPath('node-oauth2-server'), String(port)],
    target: programTarget(port),
  }),
}
