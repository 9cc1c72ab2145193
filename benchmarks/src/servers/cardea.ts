import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ACTORS } from '../load/target.ts'
import { workloadNames } from '../workloads/list.ts'
import type { BenchmarkServer } from './server.ts'

const COMMAND = fileURLToPath(new URL('../../../packages/server/dist/main.js', import.meta.url))

/** The product as it is shipped, with the flag of its command (packages/server/bin): its command line, its own SQLite file, its own pages for the first sign-in. */
export const cardea: BenchmarkServer = {
  name: 'cardea',
  note: 'the server as shipped; node:sqlite, WAL, synchronous=FULL',
  workloads: workloadNames.filter((name) => name !== 'bearer'),
  prepare(directory, port) {
    if (!existsSync(COMMAND)) throw new Error(`not built: ${COMMAND}`)
    const file = join(directory, 'cardea.config.json')
    writeFileSync(file, JSON.stringify(configuration(directory, port), null, 2))
    return {
      args: ['--max-semi-space-size=8', COMMAND, 'serve', '--config', file],
      target: {
        port,
        paths: { authorize: '/authorize', token: '/token', introspect: '/introspect', protected: '/' },
        client: ACTORS.client,
        redirectUri: ACTORS.redirectUri,
        scope: ACTORS.scope,
        signIn: { username: ACTORS.username, password: ACTORS.password },
        protectedText: ACTORS.client.id,
      },
    }
  },
}

function configuration(directory: string, port: number): Record<string, unknown> {
  return {
    issuer: `http://127.0.0.1:${port}`,
    port,
    database: { file: join(directory, 'cardea.sqlite') },
    secrets: ['for measuring only: derives the keys of a throw-away database'],
    scopes: [{ name: ACTORS.scope, description: 'Read your data', is_default: true }],
    clients: [
      {
        client_id: ACTORS.client.id,
        client_secret: ACTORS.client.secret,
        client_name: 'Benchmark',
        grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [ACTORS.redirectUri],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: ACTORS.scope,
      },
    ],
    users: [{ username: ACTORS.username, password: ACTORS.password }],
  }
}
