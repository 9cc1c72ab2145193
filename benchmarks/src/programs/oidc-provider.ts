import { generateKeyPairSync } from 'node:crypto'
import { type Configuration, Provider } from 'oidc-provider'
import { ACTORS } from '../load/target.ts'
import { createAdapterFactory } from './oidc-provider-adapter.ts'

const [port = '', file = ''] = process.argv.slice(2)
const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const HOUR = 3600
const DAY = 24 * HOUR

const configuration: Configuration = {
  adapter: createAdapterFactory(file),
  jwks: { keys: [{ ...signingKey, kty: 'EC', kid: 'e1', use: 'sig', alg: 'ES256' }] },
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
    resourceIndicators: { enabled: false },
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
