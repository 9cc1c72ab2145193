import { defaultLimits } from 'cardea'
import type { TestClient, TestServerOptions } from 'cardea/testing'
import { secretSigner } from '../../packages/cardea/src/core/crypto/jose/sign-jwt.ts'
import { clientSecrets } from '../../packages/cardea/src/oauth2/client-auth/sealed-client-secret.ts'
import { alice, bob, webApp } from '../../packages/cardea/src/testing/authorization-visit.ts'
import { deviceGrantType, television } from '../../packages/cardea/src/testing/device-flow.ts'
import {
  consumerKey,
  consumerSecret,
  oauth1Client,
  oauth1ServerSecrets,
} from '../../packages/cardea/src/testing/oauth1-flow.ts'
import { ada } from '../../packages/cardea/test-support/pushing.ts'
import { shopKey, signer } from '../../packages/cardea/test-support/signed-requests.ts'

export const exchangeType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const bearerType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

export const assertedKey = shopKey
export const assertionSecret = 's'.repeat(32)
export const sharedSecretSigner = (secret: string) => secretSigner('HS256', secret)

const everyGrant = [
  ...['authorization_code', 'refresh_token', 'client_credentials', deviceGrantType, bearerType, exchangeType],
]

/** Everybody who takes part. */
export const raceClients: readonly TestClient[] = [
  { ...signer, grant_types: everyGrant },
  { ...webApp, application_type: 'native' },
  television,
  { client_id: 'api', secret: 'api secret', introspect_any: true },
  {
    client_id: 'keyed',
    grant_types: everyGrant,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [shopKey.publicJwk] },
  },
  {
    client_id: 'shared',
    grant_types: everyGrant,
    token_endpoint_auth_method: 'client_secret_jwt',
    sealed_secret: clientSecrets(oauth1ServerSecrets).seal('shared', assertionSecret),
  },
  oauth1Client(consumerKey, { secret: consumerSecret }, { grant_types: [exchangeType] }),
]

export const raceUsers = [ada, alice, bob]

/** Wrong codes of one network that are heard, of all that come at once. */
export const guessesHeard = 20

export const raceLimits = {
  ...Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, { attempts: 1_000_000, window: 600 }])),
  userCode: { attempts: guessesHeard, window: 600 },
}

/** Everything that is good for one use, and nothing that would forgive a second. */
export const raceOptions = {
  secrets: oauth1ServerSecrets,
  lifetimes: { refreshReuseWindow: 0 },
  limits: raceLimits,
  deviceGrant: true,
  pushedRequests: true,
  requestObjects: true,
  dpop: true,
  jwtBearer: true,
  tokenExchange: true,
  trustedIssuers: [{ issuer: 'https://idp.example', jwks: { keys: [shopKey.publicJwk] } }],
  registration: { mode: 'open', rotateRegistrationToken: true },
  oauth1: { exchange: { repeatedly: false } },
} satisfies Omit<TestServerOptions, 'clients' | 'users'>
