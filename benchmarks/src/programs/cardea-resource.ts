import { createServer } from 'node:http'
import { createProvider, hashClientSecret, oauth1Secrets, scryptHasher } from 'cardea'
import { nodeHandler, nodeProtector } from 'cardea/node'
import { sqliteStore } from 'cardea/stores/sqlite'
import { ACTORS } from '../load/target.ts'

const [port = '0', file = ''] = process.argv.slice(2)
const secrets = ['for measuring only: derives the keys of a throw-away database']
const store = await sqliteStore({ file })
await store.scopes.save({ name: ACTORS.scope, description: 'Read your data', is_default: true })
await store.clients.save({
  client_id: ACTORS.client.id,
  client_name: 'Benchmark',
  client_secret_hash: await hashClientSecret(scryptHasher, ACTORS.client.secret),
  redirect_uris: [ACTORS.redirectUri],
  grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
  application_type: 'web',
  client_id_issued_at: 0,
  oauth1: {
    sealed_secret: oauth1Secrets(secrets).sealClientSecret(ACTORS.client.id, ACTORS.client.secret),
    callbacks: [ACTORS.redirectUri],
  },
})
await store.users.save({
  id: 'user-1',
  username: ACTORS.username,
  password_hash: await scryptHasher.hash(ACTORS.password),
  created_at: 0,
})

const provider = createProvider({
  issuer: `http://127.0.0.1:${port}`,
  store,
  secrets,
  oauth1: true,
  dpop: { resourceOrigin: `http://127.0.0.1:${port}` },
})
const { requireOAuth } = nodeProtector(provider)
const resource = requireOAuth(ACTORS.scope, (_request, response, token) => {
  const body = JSON.stringify({ client: token.clientId })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})
const handler = nodeHandler(provider, {
  fallback: (request, response) => {
    if (request.url?.split('?', 1)[0] === '/protected') resource(request, response)
    else response.writeHead(404).end()
  },
})
createServer(handler).listen(Number(port), '127.0.0.1')
