import { generateKeyPairSync } from 'node:crypto'
import { defaultLimits } from 'cardea'
import { basic, startTestServer, type TestServer } from 'cardea/testing'
import { alice, decline } from '../../packages/cardea/src/testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../packages/cardea/src/testing/code-flow.ts'
import {
  approveDevice,
  deviceGrantType,
  newDevice,
  television,
  visitDeviceConsent,
} from '../../packages/cardea/src/testing/device-flow.ts'
import { account, buy, payment } from '../../packages/cardea/test-support/detail-types.ts'
import { type DpopClient, dpopClient } from '../../packages/cardea/test-support/dpop-client.ts'
import { encryptedTo } from '../../packages/cardea/test-support/encrypted-to.ts'
import { ada, asked, pushed } from '../../packages/cardea/test-support/pushing.ts'
import { type Registered, registered } from '../../packages/cardea/test-support/registering.ts'
import { objectOf, shopKey, signer } from '../../packages/cardea/test-support/signed-requests.ts'

/** What answers are encrypted to. */
const sealingKey = {
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
  ...{ kty: 'RSA', use: 'enc', kid: 'sealing', alg: 'RSA-OAEP-256' },
}
/** RFC 8693 §2.1. */
export const exchangeType = 'urn:ietf:params:oauth:grant-type:token-exchange'
/** RFC 7523 §2.1. */
export const bearerType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
/** Of the server. */
export const issuer = 'https://auth.example'
/** A resource whose tokens are JWTs. */
export const api = 'https://api.example'
/** Its tokens have no row. */
export const bare = 'https://bare.example'
/** RFC 9396 §2, as a request has them. */
export const details = JSON.stringify([buy])
const everyGrant = [
  ...['authorization_code', 'refresh_token', 'client_credentials', deviceGrantType, exchangeType, bearerType],
]

/** Everything is on, so that a damaged request is as often as possible nearly right. */
export const start = (): Promise<TestServer> =>
  startTestServer({
    users: [ada, alice],
    clients: [
      { ...signer, grant_types: everyGrant, introspect_any: true },
      {
        client_id: 'sealed',
        secret: 'a secret of sealed',
        introspect_any: true,
        introspection_signed_response_alg: 'ES256',
        introspection_encrypted_response_alg: 'RSA-OAEP-256',
        introspection_encrypted_response_enc: 'A128GCM',
        jwks: { keys: [sealingKey] },
      },
      { client_id: 'app', application_type: 'native' },
      { ...television, client_id: 'tv' },
      {
        client_id: 'keyed',
        grant_types: everyGrant,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [shopKey.publicJwk] },
      },
    ],
    pushedRequests: true,
    requestObjects: { encryption: true },
    signedResponses: true,
    registration: {
      mode: 'open',
      inferApplicationType: true,
      localhostAnyPort: true,
      policies: {
        default: {
          redirectSchemes: ['cursor'],
          redirectHosts: ['app.example', '*.host.example'],
          scope: 'read',
          grantTypes: everyGrant,
          resources: [api],
          secretLifetime: 600,
        },
        stated: { softwareStatementRequired: true, approved: true, applicationTypes: ['web'] },
      },
      softwareStatements: [{ issuer: 'https://sw.example', jwks: { keys: [shopKey.publicJwk] }, policy: 'stated' }],
    },
    clientDocuments: true,
    // Nobody is at home out there: what a fetch does to us is tried where fetches are.
    outgoing: { resolve: async () => [] },
    deviceGrant: true,
    dpop: true,
    authorizationDetails: { payment, account },
    resources: [
      { identifier: api, name: 'The API', token_format: 'jwt' },
      { identifier: bare, name: 'Bare', token_format: 'jwt', keeps_tokens: false },
    ],
    trustedIssuers: [{ issuer: 'https://idp.example', jwks: { keys: [shopKey.publicJwk] } }],
    jwtBearer: true,
    tokenExchange: { policy: () => true },
    acrValues: ['gold'],
    limits: Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, { attempts: 1e9, window: 60 }])),
  })

/** What sound requests are made of. */
export interface Supplies {
  readonly dpop: DpopClient
  readonly codes: readonly string[]
  readonly token: string
  readonly jwt: string
  /** That has no row. */
  readonly unkept: string
  readonly bound: string
  readonly refresh: string
  readonly deviceCode: string
  /** Codes of a device that was refused, and of one that nobody has answered. */
  readonly declined: string
  readonly waiting: string
  readonly userCode: string
  readonly reference: string
  readonly encrypted: string
  readonly client: Registered
  readonly interaction: string
  /** Of the browser that began the interaction. */
  readonly cookie: string
}

/** A client whose introspection answers are encrypted. */
export const sealedBasic = ['authorization', basic('sealed', 'a secret of sealed')] as const
/** A client that may do everything. */
export const shopBasic = ['authorization', basic('shop', 'a secret of the shop')] as const

async function told(answer: Promise<Response>): Promise<Record<string, string>> {
  return (await (await answer).json()) as Record<string, string>
}

/** Made anew now and then: most of it can be used once. */
export async function supplies(server: TestServer): Promise<Supplies> {
  const shop = { headers: { authorization: shopBasic[1] } }
  const dpop = await dpopClient(server.clock)
  const machine = { grant_type: 'client_credentials', scope: 'read' }
  const code = await codeFor(server, ada, { client_id: 'app', scope: 'read', authorization_details: details })
  const redeemed = { grant_type: 'authorization_code', client_id: 'app', code, code_verifier: pkcePair.verifier }
  const { refresh_token = '' } = await told(dpop.post(server, redeemed))
  const device = await newDevice(server)
  const waiting = await newDevice(server)
  await approveDevice(server, device.user_code)
  const refused = await newDevice(server)
  await decline(await visitDeviceConsent(server, refused.user_code))
  const keys = await told(server.send(new Request(`${issuer}/jwks`)))
  const forUs = (keys.keys as unknown as { use: string }[]).find(({ use }) => use === 'enc')
  const begun = await server.send(new Request(`${issuer}/authorize?${new URLSearchParams(asked)}`))
  return {
    dpop,
    codes: [code, await codeFor(server, ada, { client_id: 'app', scope: 'read', dpop_jkt: dpop.jkt })],
    token: (await told(server.post('/token', machine, shop))).access_token ?? '',
    jwt: (await told(server.post('/token', { ...machine, resource: api }, shop))).access_token ?? '',
    unkept: (await told(server.post('/token', { ...machine, resource: bare }, shop))).access_token ?? '',
    bound: (await told(dpop.post(server, machine, { client: ['shop', 'a secret of the shop'] }))).access_token ?? '',
    refresh: refresh_token,
    deviceCode: device.device_code,
    declined: refused.device_code,
    waiting: waiting.device_code,
    userCode: waiting.user_code,
    reference: await pushed(server),
    encrypted: forUs === undefined ? '' : await encryptedTo(forUs as never, objectOf(server), { cty: 'JWT' }),
    client: await registered(server),
    interaction: begun.headers.get('location') ?? '/interaction/none',
    cookie: begun.headers
      .getSetCookie()
      .map((text) => text.split(';', 1)[0])
      .join('; '),
  }
}
