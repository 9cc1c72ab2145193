import { createProvider, scryptHasher } from 'cardea'
import { type FetchInfo, fetchHandler, fetchProtector } from 'cardea/fetch'
import { memoryStore } from 'cardea/stores/memory'

/** What a runtime that speaks fetch calls: the authorization server, and next to it an API that needs its tokens. */
export type App = (request: Request, info?: FetchInfo) => Promise<Response>

async function seededStore() {
  const store = memoryStore()
  await store.scopes.save({ name: 'time', description: 'Know what time it is', is_default: true })
  await store.users.save({
    id: 'user-ada',
    username: 'ada',
    password_hash: await scryptHasher.hash('correct horse'),
    created_at: 0,
  })
  await store.clients.save({
    client_id: 'clock-app',
    client_name: 'Clock',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    client_id_issued_at: 0,
  })
  return store
}

export async function createApp(issuer: string): Promise<App> {
  const provider = createProvider({ issuer, store: await seededStore(), secrets: [crypto.randomUUID()] })
  const authorizationServer = fetchHandler(provider)
  const { requireOAuth } = fetchProtector(provider)
  const time = requireOAuth('time', (_request, { clientId, userId }) =>
    Response.json({ now: new Date().toISOString(), clientId, userId }),
  )
  return async (request, info) => {
    const { pathname } = new URL(request.url)
    if (provider.handles(pathname)) return authorizationServer(request, info)
    return pathname === '/time' ? time(request) : Response.json({ error: 'not found' }, { status: 404 })
  }
}
