import { generateKeyPairSync } from 'node:crypto'
import { type ClientMetadata, type Configuration, errors, type JWK, Provider, type ResourceServer } from 'oidc-provider'
import { ACTORS } from '../load/target.ts'
import { createAdapterFactory } from './oidc-provider-adapter.ts'

const [port = '', file = '', extensions] = process.argv.slice(2)
const clientKey = process.env.BENCHMARK_CLIENT_KEY
const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const ed25519Key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
const HOUR = 3600
const DAY = 24 * HOUR

/** A client that proves itself by what it signs. */
function signingClient(publicJwk: JWK): ClientMetadata {
  return {
    client_id: ACTORS.signingClient,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [publicJwk] },
    id_token_signed_response_alg: 'ES256',
  }
}

/** A request that names a resource gets a JWT for it; without one, tokens are as ever. */
function resourceIndicators() {
  // It keeps no JWT of either kind.
  const algorithms = new Map<string, 'ES256' | 'EdDSA'>()
  for (const { ES256, EdDSA } of Object.values(ACTORS.resources)) algorithms.set(ES256, 'ES256').set(EdDSA, 'EdDSA')
  return {
    enabled: true,
    defaultResource: () => undefined as unknown as string,
    getResourceServerInfo: (_context: unknown, resource: string): ResourceServer => {
      const alg = algorithms.get(resource)
      if (alg === undefined) throw new errors.InvalidTarget()
      return { scope: ACTORS.scope, accessTokenFormat: 'jwt', accessTokenTTL: HOUR, jwt: { sign: { alg } } }
    },
  }
}

const configuration: Configuration = {
  adapter: createAdapterFactory(file),
  jwks: {
    keys: [
      { ...signingKey, kty: 'EC', kid: 'e1', use: 'sig', alg: 'ES256' },
      ...(extensions ? [{ ...ed25519Key, kty: 'OKP', kid: 'o1', use: 'sig', alg: 'EdDSA' }] : []),
    ],
  },
  clients: [
    {
      client_id: ACTORS.client.id,
      client_secret: ACTORS.client.secret,
      grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: [ACTORS.redirectUri],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
    ...(clientKey ? [signingClient(JSON.parse(clientKey))] : []),
  ],
  scopes: ['openid', 'offline_access', ACTORS.scope],
  cookies: { keys: ['a key for signing the cookies of a benchmark'] },
  findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  pkce: { required: () => true },
  ttl: {
    ClientCredentials: HOUR,
    AccessToken: HOUR,
    RefreshToken: DAY,
    AuthorizationCode: 60,
    IdToken: HOUR,
    Session: DAY,
    Grant: DAY,
    Interaction: 600,
  },
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: extensions ? resourceIndicators() : { enabled: false },
    dPoP: { enabled: extensions !== undefined },
    pushedAuthorizationRequests: { enabled: extensions !== undefined },
  },
  // Consent is given beforehand, so that only the sign-in page comes up, once.
  async loadExistingGrant(context) {
    const { client, provider, result, session } = context.oidc
    if (!client || !session?.accountId) return undefined
    const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId)
    if (grantId) return provider.Grant.find(grantId)
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope(`openid offline_access ${ACTORS.scope}`)
    await grant.save()
    return grant
  },
}

const provider = new Provider(`http://127.0.0.1:${port}`, configuration)

provider.use(async (context, next) => {
  if (context.path !== '/protected') return next()
  const token = context.get('authorization').slice(7)
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token))
  if (found) context.body = { ok: true, client: found.clientId }
  else context.status = 401
})

provider.listen(Number(port), '127.0.0.1')
