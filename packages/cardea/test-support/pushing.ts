import { pkcePair } from '../src/testing/code-flow.ts'
import type { TestClient, TestServer, TestServerOptions, TestUser } from '../src/testing/test-server.ts'
import { startTestServer } from '../src/testing/test-server.ts'

/** A confidential web client. */
export const shop: TestClient = { client_id: 'shop', secret: 'a secret of the shop' }
export const shopSecret = ['shop', 'a secret of the shop'] as const

export const ada: TestUser = { id: 'u1', username: 'ada', password: 'correct horse' }

/** A sound request of `shop`. */
export const asked: Readonly<Record<string, string>> = {
  client_id: 'shop',
  response_type: 'code',
  redirect_uri: 'https://client.example/cb',
  scope: 'read',
  state: 'st-1',
  code_challenge: pkcePair.challenge,
  code_challenge_method: 'S256',
}

export const startPushing = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [shop], users: [ada], pushedRequests: true, ...options })

export const push = (
  server: TestServer,
  form: Record<string, string> | string = asked,
  client: readonly [string, string] | undefined = shopSecret,
): Promise<Response> => server.post('/par', form, client === undefined ? {} : { client })

/** The reference that a push is answered with. */
export async function pushed(server: TestServer, more: Record<string, string> = {}): Promise<string> {
  const answer = await push(server, { ...asked, ...more })
  const body = (await answer.json()) as { request_uri?: string; error_description?: string }
  if (body.request_uri === undefined) throw new Error(`${answer.status} ${body.error_description}`)
  return body.request_uri
}

export const byReference = (requestUri: string, more: Record<string, string> = {}): string =>
  `/authorize?${new URLSearchParams({ client_id: 'shop', request_uri: requestUri, ...more })}`

/** What a JSON answer says of an error. */
export async function errorOf(answer: Response): Promise<readonly [status: number, error: unknown]> {
  return [answer.status, ((await answer.json()) as { error?: unknown }).error]
}

/** Redeems a code of `shop`. */
export async function redeem(server: TestServer, code: string, more: Record<string, string> = {}) {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'https://client.example/cb',
    code_verifier: pkcePair.verifier,
    ...more,
  }
  return server.post('/token', form, { client: shopSecret })
}
