// Checked by the compiler alone: every mark expects its error, and what has none must compile.
import { AuthorizationServer, type ClientModel, createProvider } from 'cardea'
import * as onExpress from 'cardea/express'
import * as onFastify from 'cardea/fastify'
import * as onFetch from 'cardea/fetch'
import * as onHono from 'cardea/hono'
import * as onKoa from 'cardea/koa'
import * as onNest from 'cardea/nest'
import * as onNext from 'cardea/next'
import * as onNode from 'cardea/node'
import { memoryStore } from 'cardea/stores/memory'

interface Person {
  readonly id: number
  readonly email: string
}
declare const ada: Person

const common = { issuer: 'https://auth.example', secrets: ['x'.repeat(32)], store: memoryStore() }

const server = new AuthorizationServer({
  ...common,
  scopes: { profile: 'Read your profile', 'notes:write': { description: 'Change your notes', default: true } },
  users: { find: (id) => (id === '1' ? ada : undefined) },
  clients: { find: async (client_id: string) => ({ client_id, redirect_uris: 'https://a.example/cb', tier: 'gold' }) },
})

export async function verbs(request: Request): Promise<void> {
  const grant = await server.getConsentGrant(request, { endUser: ada })
  // The host's own row, its own user, its own scopes.
  const tier: string = grant.client.tier
  const email: string | undefined = grant.user?.email
  const names: readonly ('profile' | 'notes:write')[] = grant.scopes.map(({ name }) => name)
  // @ts-expect-error the row has no such column
  grant.client.shoeSize
  // @ts-expect-error the user has no such member
  grant.user?.shoeSize
  // @ts-expect-error there is no such scope
  grant.scopes.some(({ name }) => name === 'proflie')
  // @ts-expect-error a user of another type
  await server.getConsentGrant(request, { endUser: { id: 1, name: 'Ada' } })
  // @ts-expect-error nobody said whether somebody is signed in
  await server.getConsentGrant(request, {})
  await server.createAuthorizationResponse(request, { grant, grantUser: ada, scope: ['profile'] })
  await server.createAuthorizationResponse(request, { grant, grantUser: null })
  // @ts-expect-error there is no such scope
  await server.createAuthorizationResponse(request, { grant, grantUser: ada, scope: ['proflie'] })
  // @ts-expect-error a user of another type
  await server.createAuthorizationResponse(request, { grant, grantUser: { id: 1 } })
  // @ts-expect-error undefined is no decision
  await server.createAuthorizationResponse(request, { grant, grantUser: undefined })
  // @ts-expect-error whoever forgets the user has decided nothing
  await server.createAuthorizationResponse(request, { grant })
  const token = await server.validateRequest(request, 'profile notes:write')
  const user: Person | undefined = await token.user
  // @ts-expect-error there is no such scope
  await server.validateRequest(request, 'profile proflie')
  void [tier, email, names, user]
}

export function registrations(): void {
  server.registerHook('beforeIssueToken', ({ lifetime }) => ({ lifetime: lifetime / 2 }))
  // @ts-expect-error there is no such hook
  server.registerHook('beforeIssueTokens', () => undefined)
  // @ts-expect-error a hook of this name changes nothing
  server.registerHook('beforeValidateConsentRequest', () => ({ scope: [] }))
  server.on('token_issued', ({ grantType }) => grantType)
  // @ts-expect-error there is no such event
  server.on('token_issue', () => undefined)
  // @ts-expect-error this event has no such member
  server.on('signed_in', ({ grantType }) => grantType)
  // @ts-expect-error no grant at all
  server.registerGrant({ type: 'own' })
}

export function scopesOfRoutes(): void {
  const fetching = onFetch.protector(server)
  fetching.requireOAuth('profile', () => new Response())
  fetching.requireOAuth('profile notes:write', () => new Response())
  fetching.requireOAuth(['profile', 'notes:write profile'], () => new Response())
  fetching.requireOAuth(undefined, () => new Response())
  fetching.requireOAuth({ scope: 'profile', groups: 'anything' }, () => new Response())
  // @ts-expect-error there is no such scope
  fetching.requireOAuth('proflie', () => new Response())
  // @ts-expect-error one of the two is none
  fetching.requireOAuth('profile proflie', () => new Response())
  // @ts-expect-error one of the alternatives is none
  fetching.requireOAuth(['profile', 'proflie'], () => new Response())
  // @ts-expect-error there is no such scope
  fetching.requireOAuth({ scope: 'proflie', groups: 'anything' }, () => new Response())
  // @ts-expect-error there is no such scope
  fetching.optionalOAuth('proflie', () => new Response())
  // @ts-expect-error there is no such scope
  onNode.protector(server).requireOAuth('proflie', () => undefined)
  // @ts-expect-error there is no such scope
  onExpress.protector(server).requireOAuth('proflie')
  // @ts-expect-error there is no such scope
  onExpress.protector(server).requireOAuth('proflie', (_request, response) => response.json({}))
  // @ts-expect-error there is no such scope
  onFastify.protector(server).requireOAuth('proflie')
  // @ts-expect-error there is no such scope
  onHono.protector(server).requireOAuth('proflie')
  // @ts-expect-error there is no such scope
  onKoa.protector(server).requireOAuth('proflie')
  // @ts-expect-error there is no such scope
  onNest.protector(server).requireOAuth('proflie')
  // @ts-expect-error there is no such scope
  onNext.protector(server).requireOAuth('proflie', () => new Response())
  // @ts-expect-error there is no such scope
  onNext.protector(() => server).requireOAuth('proflie', () => new Response())
}

export function typedUsers(): void {
  onFetch.protector(server).requireOAuth('profile', async (_request, token) => {
    const email: string | undefined = (await token.user)?.email
    // @ts-expect-error the user has no such member
    const shoeSize = (await token.user)?.shoeSize
    return Response.json({ email, shoeSize })
  })
  onExpress.protector(server).requireOAuth('profile', async (request, response) => {
    const email: string | undefined = (await request.oauth.user)?.email
    // @ts-expect-error the user has no such member
    const shoeSize = (await request.oauth.user)?.shoeSize
    return response.json({ email, shoeSize })
  })
}

/** Where scopes are in the store, the program does not know their names, and any compiles. */
export function namesInTheStore(need: string): void {
  onFetch.protector(createProvider(common)).requireOAuth(need, () => new Response())
  onFetch.protector(new AuthorizationServer(common)).requireOAuth('whatever there is', () => new Response())
}

class OAuth2Client implements ClientModel {
  readonly tier = 'gold'

  getClientId(): string {
    return 'app'
  }
}

/** Objects with Authlib's methods come back as they are. */
export async function models(request: Request): Promise<void> {
  const withModels = new AuthorizationServer({ ...common, clients: { find: () => new OAuth2Client() } })
  const { client } = await withModels.getConsentGrant(request, { endUser: { id: 'ada' } })
  const tier: 'gold' = client.tier
  // @ts-expect-error neither a row with client_id nor an object with getClientId
  new AuthorizationServer({ ...common, clients: { find: () => ({ name: 'app' }) } })
  // @ts-expect-error a method of another type
  new AuthorizationServer({ ...common, clients: { find: () => ({ getClientId: () => 7 }) } })
  // @ts-expect-error a scope needs a sentence
  new AuthorizationServer({ ...common, scopes: { profile: 7 } })
  // @ts-expect-error a user without an id
  new AuthorizationServer({ ...common, users: { find: () => ({ name: 'Ada' }) } })
  void tier
}
