import type { RequestListener } from 'node:http'
import { AuthorizationServer, type HttpRequest, type HttpResponse } from 'cardea'
import { memoryStore } from 'cardea/stores/memory'
import { clientFrom } from 'cardea/testing'
import { listen } from '../servers/listen.ts'
import { redirectUri } from './actors.ts'

/** A route of the host: what the wrapper of an adapter is given. */
export type Verb = (request: HttpRequest) => Promise<HttpResponse>

/**
 * What a host program spells out: `/own/authorize` answers GET with the fields of its form as JSON, and takes what the
 * form is answered by; `/own/token` is the token endpoint; `/own/failing` throws something of the host's; beside them
 * `/own/page`, which the host answers by its framework: `a page of the host`.
 */
export interface Verbs {
  readonly authorize: Verb
  readonly token: Verb
  readonly failing: Verb
}

export type Parsers = 'none' | 'parsed'

export interface VerbsHost {
  readonly listener: RequestListener
  close?(): Promise<unknown>
}

/** Makes the host program around the verbs. */
export type VerbsHostFor = (verbs: Verbs, parsers: Parsers) => VerbsHost | Promise<VerbsHost>

const users = [{ id: 'u-john', name: 'John' }]

async function serverFor(issuer: string) {
  const store = memoryStore()
  await store.clients.save(await clientFrom({ client_id: 'app', redirect_uris: [redirectUri] }))
  return new AuthorizationServer({
    issuer,
    secrets: ['a secret of servers in these tests, long enough'],
    store,
    scopes: { read: 'Read', write: 'Write' },
    users: { find: (id) => users.find((user) => user.id === id) },
    maxBodyBytes: 4096,
  })
}

function verbsOf(server: Awaited<ReturnType<typeof serverFor>>): Verbs {
  return {
    // Lets refusals through: the wrapper answers them.
    async authorize(request) {
      const endUser = users.find(({ id }) => id === request.header('x-user'))
      const grant = await server.getConsentGrant(request, { endUser })
      if (request.method === 'GET') {
        return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(grant.fields) }
      }
      const confirmed = new URLSearchParams(await request.text()).get('confirm') === 'yes'
      return server.createAuthorizationResponse(request, { grant, grantUser: confirmed && endUser ? endUser : null })
    },
    token: (request) => server.createTokenResponse(request),
    failing: () => Promise.reject(new Error('the database of the host is away')),
  }
}

export interface StartedVerbs {
  readonly origin: string
  stop(): Promise<unknown>
}

/** The host program, on a free port. */
export async function startVerbs(hostFor: VerbsHostFor, parsers: Parsers): Promise<StartedVerbs> {
  const hosts: VerbsHost[] = []
  const { port, close } = await listen(async (free) => {
    const host = await hostFor(verbsOf(await serverFor(`http://127.0.0.1:${free}`)), parsers)
    hosts.push(host)
    return host.listener
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      for (const host of hosts) await host.close?.()
      await close()
    },
  }
}
