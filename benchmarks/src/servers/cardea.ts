import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newClientKey } from '../load/client-key.ts'
import { ACTORS, type JwtKeeping } from '../load/target.ts'
import { extensionWorkloads } from '../workloads/list.ts'
import { programTarget } from './program.ts'
import type { BenchmarkServer, Launch } from './server.ts'

const COMMAND = fileURLToPath(new URL('../../../packages/server/dist/command.js', import.meta.url))

/** The product as it is shipped, with the flags of its command (packages/server/bin): its command line, its own SQLite file, its own pages for the first sign-in. */
export const cardea: BenchmarkServer = {
  name: 'cardea',
  note: 'the server as shipped; node:sqlite, WAL, synchronous=FULL',
  workloads: ['client_credentials', 'refresh', 'introspection', 'code_pkce'],
  prepare: (directory, port) => launch(directory, port, configuration(directory, port)),
}

/** The same command with OAuth 1 switched on. */
export const cardeaOAuth1: BenchmarkServer = {
  name: 'cardea',
  note: 'oauth1_flow only: the server as shipped, with `oauth1: true` in its configuration',
  workloads: ['oauth1_flow'],
  prepare(directory, port) {
    const { clients, ...others } = configuration(directory, port)
    const oauth1 = { secret: ACTORS.client.secret, callbacks: [ACTORS.redirectUri] }
    return launch(directory, port, {
      ...others,
      clients: clients.map((client) => ({ ...client, oauth1 })),
      oauth1: true,
      // All people of the load come from one address. They are counted as always.
      limits: { interaction: { attempts: 1_000_000, window: 60 } },
    })
  },
}

/** The same command with what the workloads of extensions need: resources that take JWTs, a client with a key, and so on. */
export const cardeaExtensions: BenchmarkServer = {
  name: 'cardea',
  note: 'workloads of extensions: the server as shipped, with `resources`, `dpop: true` and `pushedRequests: true`',
  workloads: extensionWorkloads,
  prepare(directory, port) {
    const { privateJwk, publicJwk } = newClientKey()
    const { clients, ...others } = configuration(directory, port)
    const signingClient = {
      client_id: ACTORS.signingClient,
      client_name: 'Benchmark, signed',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicJwk] },
      scope: ACTORS.scope,
    }
    const { args, target } = launch(directory, port, {
      ...others,
      clients: [...clients, signingClient],
      resources: [...resourcesOf('kept'), ...resourcesOf('unkept')],
      dpop: true,
      pushedRequests: true,
    })
    return { args, target: { ...target, signingKey: privateJwk } }
  },
}

const resourcesOf = (keeping: JwtKeeping) =>
  Object.entries(ACTORS.resources[keeping]).map(([signing_alg, identifier]) => ({
    identifier,
    name: `${signing_alg}, ${keeping}`,
    token_format: 'jwt',
    signing_alg,
    ...(keeping === 'unkept' && { keeps_tokens: false }),
  }))

function launch(directory: string, port: number, settings: object): Launch {
  if (!existsSync(COMMAND)) throw new Error(`not built: ${COMMAND}`)
  const file = join(directory, 'cardea.config.json')
  writeFileSync(file, JSON.stringify(settings, null, 2))
  const target = programTarget(port)
  return {
    args: ['--max-semi-space-size=8', '--heap-growing-percent=80', COMMAND, 'serve', '--config', file],
    target: {
      ...target,
      oauth1: { ...target.oauth1, verify: '/oauth1/verify' },
      signIn: { username: ACTORS.username, password: ACTORS.password },
    },
  }
}

function configuration(directory: string, port: number) {
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
