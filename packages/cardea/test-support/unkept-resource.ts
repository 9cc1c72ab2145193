import type { SigningKey } from '../src/core/crypto/jose/signing-key.ts'
import { keyringFrom } from '../src/core/crypto/keyring.ts'
import { openedKey } from '../src/core/keys/key-maker.ts'
import type { Resource } from '../src/core/model/resource.ts'
import { alice } from '../src/testing/authorization-visit.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../src/testing/test-server.ts'
import { app, client, job, machine, tokens } from './jwt-resource.ts'

/** The resource whose tokens have no row. */
export const bare = 'https://bare.example'
export const theBare: Resource = { identifier: bare, name: 'Bare', token_format: 'jwt', keeps_tokens: false }
/** Another one. */
export const plain = 'https://plain.example'
export const thePlain: Resource = { ...theBare, identifier: plain, name: 'Plain' }
/** One whose tokens have rows, of the same format. */
export const kept = 'https://kept.example'
export const theKept: Resource = { identifier: kept, name: 'Kept', token_format: 'jwt' }

export const bareMachine = { ...machine, resource: bare }
export const serverSecret = 'the secret of the server, which is long'
export const exchangeType = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const worker = {
  client_id: 'worker',
  secret: 'b secret',
  grant_types: ['client_credentials', exchangeType],
}
export const workerSecret = ['worker', 'b secret'] as const

/** The resources are in the store, so that tests can change them. */
export async function startUnkept(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer({
    clients: [job, app, worker],
    users: [alice],
    secrets: [serverSecret],
    tokenExchange: true,
    ...options,
  })
  for (const resource of [theBare, thePlain, theKept]) await server.store.resources.save(resource)
  return server
}

export const bareToken = async (server: TestServer, by: readonly [string, string] = client): Promise<string> =>
  (await tokens(server, bareMachine, by as typeof client)).access_token

export const rowsOf = async (server: TestServer): Promise<number> =>
  (await server.store.tokens.listAccess({}, { limit: 100 })).length

/** The key that signs, as nobody outside has it. */
export async function signingKeyOf(server: TestServer): Promise<SigningKey> {
  const row = (await server.store.signingKeys.all()).find(({ state }) => state === 'active')
  if (row === undefined) throw new Error('no key signs')
  return openedKey({ keyring: keyringFrom([serverSecret]) } as Parameters<typeof openedKey>[0], row)
}
