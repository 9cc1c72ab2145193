import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type NodeHandlerOptions, nodeHandler, nodeProtector } from 'cardea/node'
import { sqliteStore } from 'cardea/stores/sqlite'
import {
  type FakeClock,
  fakeClock,
  startTestServer,
  type TestServer,
  type TestServerOptions,
  UserAgent,
} from 'cardea/testing'
import { listen } from './listen.ts'

/** The engine on an SQLite file behind node:http, in this process, so that its clock can be moved. */
export interface AuthorizationServer {
  readonly issuer: string
  readonly server: TestServer
  readonly clock: FakeClock
  /** Needs a token with the scope `read`; answers with what it learned of the token. */
  readonly resource: string
  /** A browser without script that speaks real HTTP. */
  agent(): UserAgent
}

export interface AuthorizationServerOptions extends Omit<TestServerOptions, 'issuer' | 'store' | 'clock'> {
  /** Scope the resource asks for. Default `read`. */
  readonly resourceScope?: string
  /** Path of the issuer. Default none. */
  readonly issuerPath?: string
}

const overHttp = (request: Request): Promise<Response> => fetch(request, { redirect: 'manual' })

type Fallback = NonNullable<NodeHandlerOptions['fallback']>

function protectedResource(server: TestServer, scope: string): Fallback {
  return nodeProtector(server.provider).requireOAuth(scope, (_request, response, token) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(token))
  })
}

/** Starts an authorization server on a free port; it ends, and its file goes, with the test. */
export async function startAuthorizationServer(
  t: TestContext,
  options: AuthorizationServerOptions = {},
): Promise<AuthorizationServer> {
  const { resourceScope = 'read', issuerPath = '', ...given } = options
  const folder = await mkdtemp(join(tmpdir(), 'cardea-conformance-'))
  const clock = fakeClock()
  const store = await sqliteStore({ file: join(folder, 'cardea.sqlite'), now: () => clock.now() })
  let started: TestServer | undefined
  const listening = await listen(async (port) => {
    const issuer = `http://localhost:${port}${issuerPath}`
    started = await startTestServer({ ...given, issuer, store, clock })
    return nodeHandler(started.provider, { fallback: protectedResource(started, resourceScope) })
  })
  t.after(async () => {
    await listening.close()
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })
  if (started === undefined) throw new Error('the server was not started')
  const server = started
  const { origin } = server
  return {
    issuer: server.provider.issuer,
    server,
    clock,
    resource: `${origin}/resource`,
    agent: () => new UserAgent(overHttp, origin),
  }
}
