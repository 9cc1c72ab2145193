import type { SecretHasher, Store } from 'cardea'
import { applyAll } from '../load/apply.ts'
import { unlocated } from '../load/located-rows.ts'
import { planOf } from '../load/plan.ts'
import type { Rows } from '../load/rows.ts'
import { demonstration } from '../serve/demonstration-credentials.ts'

export const publicClientId = 'demo-public'

export const callbackFor = (issuer: string): string => `${issuer}/demo/callback`

/** What a demonstration begins with: that of django-oauth2-server, and a public client. */
export const demoRows = (issuer: string): Rows => ({
  scopes: [
    { name: 'foo', description: 'Read foo', is_default: true },
    { name: 'bar', description: 'Change bar', is_default: true },
    { name: 'qux', description: 'Delete qux', is_default: true },
  ],
  clients: [
    {
      client_id: demonstration.clientId,
      client_secret: demonstration.clientSecret,
      client_name: 'Test client',
      redirect_uris: ['https://www.example.com'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'password', 'implicit'],
      response_types: ['code', 'token'],
      pkce: ['S256', 'plain', 'none'],
    },
    {
      client_id: publicClientId,
      client_name: 'Demonstration app',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback', callbackFor(issuer)],
      grant_types: ['authorization_code', 'refresh_token'],
    },
  ],
  users: [
    {
      username: demonstration.username,
      email: demonstration.username,
      name: 'John Doe',
      password: demonstration.password,
    },
  ],
})

/** Makes the rows that are not there. What is there stays as it is: somebody may have changed it on purpose. */
export async function seed(store: Store, hasher: SecretHasher, issuer: string, now: number): Promise<void> {
  const changes = await planOf({ store, hasher, now, anyPassword: true }, unlocated(demoRows(issuer)))
  await applyAll(changes.filter(({ action }) => action === 'created'))
}

/** Another port is another callback address: the public client gets it, as long as it has one of these at all. */
export async function allowCallback(store: Store, issuer: string): Promise<void> {
  const client = await store.clients.find(publicClientId)
  const callback = callbackFor(issuer)
  if (client === undefined || client.redirect_uris.includes(callback)) return
  const isCallback = (uri: string): boolean => /^http:\/\/localhost:\d+\/demo\/callback$/.test(uri)
  if (!client.redirect_uris.some(isCallback)) return
  const others = client.redirect_uris.filter((uri) => !isCallback(uri))
  await store.clients.save({ ...client, redirect_uris: [...others, callback] })
}
