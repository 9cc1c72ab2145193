import { createProvider } from 'cardea'
import { fetchHandler, fetchProtector, type ProtectedFetch } from 'cardea/fetch'
import { memoryStore } from 'cardea/stores/memory'
import { clientFrom, fastHasher, testScopes } from 'cardea/testing'
import { clients, john, secrets } from './actors.ts'

export type Fetch = (request: Request) => Response | Promise<Response>

/** A host program as a fetch handler, for runtimes that are not Node.js. */
export async function runtimeHost(issuer: string): Promise<Fetch> {
  const store = memoryStore()
  for (const scope of testScopes) await store.scopes.save(scope)
  for (const client of clients()) await store.clients.save(await clientFrom(client))
  const { password, ...user } = john
  await store.users.save({ ...user, password_hash: await fastHasher.hash(password), created_at: 0 })
  const provider = createProvider({ issuer, store, secrets, hasher: fastHasher, oauth1: true })
  const endpoints = fetchHandler(provider)
  const { requireOAuth, optionalOAuth } = fetchProtector(provider)
  const tell: ProtectedFetch = (_request, token) => Response.json(token)
  const routes: Readonly<Record<string, Fetch>> = {
    '/read': requireOAuth('read', tell),
    '/write': requireOAuth('write', tell),
    '/open': optionalOAuth('read', (_request, token) => Response.json({ caller: token?.clientId ?? null })),
    '/echo': requireOAuth('read', async (request) => Response.json(await request.json())),
    '/failing': requireOAuth(undefined, () => {
      throw new Error('the database of the host is away')
    }),
    '/host': () => new Response('the host'),
  }
  return async (request) => {
    try {
      return await (routes[new URL(request.url).pathname]?.(request) ?? endpoints(request))
    } catch {
      return new Response(null, { status: 500 })
    }
  }
}
