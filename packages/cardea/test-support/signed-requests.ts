import { type JwtToSign, signJwt } from '../src/core/crypto/jose/sign-jwt.ts'
import { generateSigningKey, type SigningKey } from '../src/core/crypto/jose/signing-key.ts'
import type { PublicJwk } from '../src/core/model/signing-key.ts'
import { startTestServer, type TestServer, type TestServerOptions } from '../src/testing/test-server.ts'
import { encryptedTo } from './encrypted-to.ts'
import { ada, asked, shop } from './pushing.ts'

export { encryptedTo }

export const shopKey: SigningKey = await generateSigningKey('ES256')

/** `shop`, with a key by which it signs. */
export const signer = { ...shop, jwks: { keys: [shopKey.publicJwk as PublicJwk] } }

export const startSigning = (options: TestServerOptions = {}): Promise<TestServer> =>
  startTestServer({ clients: [signer], users: [ada], requestObjects: true, pushedRequests: true, ...options })

/** What the object of a sound request says. A claim that is undefined is left out. */
export const claimsOf = (server: TestServer, more: Record<string, unknown> = {}) => ({
  iss: 'shop',
  aud: 'https://auth.example',
  exp: server.clock.now() + 300,
  ...asked,
  ...more,
})

export const objectOf = (
  server: TestServer,
  more: Record<string, unknown> = {},
  { key = shopKey, ...jwt }: Partial<JwtToSign> & { readonly key?: SigningKey } = {},
): string => signJwt(key, { typ: 'oauth-authz-req+jwt', claims: claimsOf(server, more), ...jwt })

/** The object and what a request has beside it. */
export const byValue = (object: string, beside: Record<string, string> = {}): string =>
  `/authorize?${new URLSearchParams({ client_id: 'shop', request: object, ...beside })}`

/** What lets a client be told of an object that cannot be read. */
export const beside = { redirect_uri: 'https://client.example/cb', state: 'outside' }

/** Where a request leads: to a person, to the client with an error, or to a page. */
export async function outcomeOf(server: TestServer, path: string): Promise<string> {
  const answer = await server.agent().get(path)
  const location = answer.headers.get('location')
  if (location === null)
    return `page ${/<dd><code>(\w+)|(invalid_\w+|\w+_not_supported)/
      .exec(await answer.text())
      ?.slice(1)
      .find(Boolean)}`
  if (location.startsWith('/interaction/')) return 'asked'
  return `client ${new URL(location).searchParams.get('error')}`
}
