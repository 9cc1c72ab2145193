import type { Store } from 'cardea'
import { applyAll } from '../load/apply.ts'
import type { PlanContext } from '../load/change.ts'
import { unlocated } from '../load/located-rows.ts'
import { planOf } from '../load/plan.ts'
import type { Rows } from '../load/rows.ts'
import { demonstration } from '../serve/demonstration-credentials.ts'

export const publicClientId = 'demo-public'

export const deviceClientId = 'demo-device'

export const callbackFor = (issuer: string): string => `${issuer}/demo/callback`

export const oauth1CallbackFor = (issuer: string): string => `${issuer}/demo/oauth1-callback`

/** What a demonstration begins with: that of django-oauth2-server, a public client, a device and one of OAuth 1. */
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
    {
      client_id: deviceClientId,
      client_name: 'Demonstration device',
      token_endpoint_auth_method: 'none',
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    },
    {
      client_id: demonstration.oauth1ClientId,
      client_name: 'OAuth 1 client',
      application_type: 'native',
      grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange', 'refresh_token'],
      oauth1: { secret: demonstration.oauth1Secret, callbacks: [oauth1CallbackFor(issuer), 'oob'] },
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
export async function seed(context: PlanContext, issuer: string): Promise<void> {
  const changes = await planOf({ ...context, anyPassword: true }, unlocated(demoRows(issuer)))
  await applyAll(changes.filter(({ action }) => action === 'created'))
}

/** The list with the demonstration's callback at its present port; unchanged where it has none at any port. */
function movedTo(callback: string, list: readonly string[]): readonly string[] {
  const shape = new RegExp(`^http://localhost:\\d+${new URL(callback).pathname}$`)
  if (list.includes(callback) || !list.some((uri) => shape.test(uri))) return list
  return [...list.filter((uri) => !shape.test(uri)), callback]
}

/** Another port is another callback address: the clients get it, as long as they have one of these at all. */
export async function allowCallbacks(store: Store, issuer: string): Promise<void> {
  const app = await store.clients.find(publicClientId)
  const redirect_uris = movedTo(callbackFor(issuer), app?.redirect_uris ?? [])
  if (app !== undefined && redirect_uris !== app.redirect_uris) await store.clients.save({ ...app, redirect_uris })
  const old = await store.clients.find(demonstration.oauth1ClientId)
  const callbacks = movedTo(oauth1CallbackFor(issuer), old?.oauth1?.callbacks ?? [])
  if (old?.oauth1 !== undefined && callbacks !== old.oauth1.callbacks)
    await store.clients.save({ ...old, oauth1: { ...old.oauth1, callbacks } })
}
