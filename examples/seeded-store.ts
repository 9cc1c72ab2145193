import { type Client, scryptHasher } from 'cardea'
import { memoryStore } from 'cardea/stores/memory'

/** The one application that may ask for tokens: a public client, which proves itself by PKCE. */
const app: Client = {
  client_id: 'notes-app',
  client_name: 'Notes on the command line',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  client_id_issued_at: 0,
}

/** A store that lasts as long as the process, with what the examples need. `cardea/stores/sqlite` has one that stays. */
export async function seededStore() {
  const store = memoryStore()
  await store.scopes.save({ name: 'notes:read', description: 'Read your notes', is_default: true })
  await store.scopes.save({ name: 'notes:write', description: 'Add notes', is_default: false })
  await store.clients.save(app)
  const password_hash = await scryptHasher.hash('correct horse')
  await store.users.save({ id: 'user-ada', username: 'ada', name: 'Ada', password_hash, created_at: 0 })
  return store
}
