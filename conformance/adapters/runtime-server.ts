/** A host program for runtimes that serve fetch handlers themselves. Says where it listens, and ends with its input. */
import { createProvider } from 'cardea'
import { fetchHandler, fetchProtector, type ProtectedFetch } from 'cardea/fetch'
import { memoryStore } from 'cardea/stores/memory'
import { clientFrom, fastHasher, testScopes } from 'cardea/testing'
import { clients, john, secrets } from './actors.ts'

interface Served {
  readonly port: number
}

interface Runtimes {
  readonly Bun?: { serve(options: { hostname: string; port: number; fetch: Fetch }): Served }
  readonly Deno?: {
    serve(options: { hostname: string; port: number; onListen(): void }, fetch: Fetch): { addr: Served }
  }
}

type Fetch = (request: Request) => Response | Promise<Response>

const { Bun, Deno } = globalThis as Runtimes

function listen(fetch: Fetch): Served {
  const where = { hostname: '127.0.0.1', port: 0 }
  if (Bun !== undefined) return Bun.serve({ ...where, fetch })
  if (Deno !== undefined) return Deno.serve({ ...where, onListen() {} }, fetch).addr
  throw new Error('neither Bun nor Deno runs this')
}

const store = memoryStore()
for (const scope of testScopes) await store.scopes.save(scope)
for (const client of clients) await store.clients.save(await clientFrom(client))
const { password, ...user } = john
await store.users.save({ ...user, password_hash: await fastHasher.hash(password), created_at: 0 })

const waiting: { handle: Fetch } = { handle: () => new Response(null, { status: 503 }) }
const { port } = listen((request) => waiting.handle(request))
const prefix = process.argv[2] ?? ''
const issuer = `http://127.0.0.1:${port}${prefix}`
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
waiting.handle = async (request) => {
  try {
    return await (routes[new URL(request.url).pathname]?.(request) ?? endpoints(request))
  } catch {
    return new Response(null, { status: 500 })
  }
}
console.log(`listening on ${issuer}`)
process.stdin.on('end', () => process.exit(0)).resume()
