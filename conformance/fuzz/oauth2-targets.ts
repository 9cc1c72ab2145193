import { defaultLimits } from 'cardea'
import { basic, startTestServer, type TestServer } from 'cardea/testing'
import { signJwt } from '../../packages/cardea/src/core/crypto/jose/sign-jwt.ts'
import { alice } from '../../packages/cardea/src/testing/authorization-visit.ts'
import { codeFor, pkcePair } from '../../packages/cardea/src/testing/code-flow.ts'
import { approveDevice, deviceGrantType, newDevice, television } from '../../packages/cardea/src/testing/device-flow.ts'
import { account, buy, payment } from '../../packages/cardea/test-support/detail-types.ts'
import { type DpopClient, dpopClient } from '../../packages/cardea/test-support/dpop-client.ts'
import { encryptedTo } from '../../packages/cardea/test-support/encrypted-to.ts'
import { ada, asked, pushed } from '../../packages/cardea/test-support/pushing.ts'
import { type Registered, registered, updateOf, webMetadata } from '../../packages/cardea/test-support/registering.ts'
import { objectOf, shopKey, signer } from '../../packages/cardea/test-support/signed-requests.ts'
import type { FuzzSubject } from './fuzz.ts'
import type { Random } from './random.ts'
import type { RawRequest } from './raw-request.ts'

const form = ['content-type', 'application/x-www-form-urlencoded'] as const
const json = ['content-type', 'application/json'] as const
const exchangeType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const bearerType = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const issuer = 'https://auth.example'
const api = 'https://api.example'
const details = JSON.stringify([buy])
const everyGrant = [
  ...['authorization_code', 'refresh_token', 'client_credentials', deviceGrantType, exchangeType, bearerType],
]

/** Everything is on, so that a damaged request is as often as possible nearly right. */
const start = (): Promise<TestServer> =>
  startTestServer({
    users: [ada, alice],
    clients: [
      { ...signer, grant_types: everyGrant, introspect_any: true },
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
      softwareStatements: [{ issuer: 'https://sw.example', jwks: { keys: [shopKey.publicJwk] } }],
    },
    clientDocuments: true,
    // Nobody is at home out there: what a fetch does to us is tried where fetches are.
    outgoing: { resolve: async () => [] },
    deviceGrant: true,
    dpop: true,
    authorizationDetails: { payment, account },
    resources: [{ identifier: api, name: 'The API', token_format: 'jwt' }],
    trustedIssuers: [{ issuer: 'https://idp.example', jwks: { keys: [shopKey.publicJwk] } }],
    jwtBearer: true,
    tokenExchange: { policy: () => true },
    acrValues: ['gold'],
    limits: Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, { attempts: 1e9, window: 60 }])),
  })

interface Supplies {
  readonly dpop: DpopClient
  readonly codes: readonly string[]
  readonly token: string
  readonly jwt: string
  readonly bound: string
  readonly refresh: string
  readonly deviceCode: string
  readonly userCode: string
  readonly reference: string
  readonly encrypted: string
  readonly client: Registered
  readonly interaction: string
  /** Of the browser that began the interaction. */
  readonly cookie: string
}

const shopBasic = ['authorization', basic('shop', 'a secret of the shop')] as const

async function told(answer: Promise<Response>): Promise<Record<string, string>> {
  return (await (await answer).json()) as Record<string, string>
}

async function supplies(server: TestServer): Promise<Supplies> {
  const shop = { headers: { authorization: shopBasic[1] } }
  const dpop = await dpopClient(server.clock)
  const machine = { grant_type: 'client_credentials', scope: 'read' }
  const code = await codeFor(server, ada, { client_id: 'app', scope: 'read', authorization_details: details })
  const redeemed = { grant_type: 'authorization_code', client_id: 'app', code, code_verifier: pkcePair.verifier }
  const { refresh_token = '' } = await told(dpop.post(server, redeemed))
  const device = await newDevice(server)
  const waiting = await newDevice(server)
  await approveDevice(server, device.user_code)
  const keys = await told(server.send(new Request(`${issuer}/jwks`)))
  const forUs = (keys.keys as unknown as { use: string }[]).find(({ use }) => use === 'enc')
  const begun = await server.send(new Request(`${issuer}/authorize?${new URLSearchParams(asked)}`))
  return {
    dpop,
    codes: [code, await codeFor(server, ada, { client_id: 'app', scope: 'read', dpop_jkt: dpop.jkt })],
    token: (await told(server.post('/token', machine, shop))).access_token ?? '',
    jwt: (await told(server.post('/token', { ...machine, resource: api }, shop))).access_token ?? '',
    bound: (await told(dpop.post(server, machine, { client: ['shop', 'a secret of the shop'] }))).access_token ?? '',
    refresh: refresh_token,
    deviceCode: device.device_code,
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

let made = 0
/** A fresh JWT of anybody who signs with that key. */
function assertion({ clock }: TestServer, iss: string, sub: string, typ = 'JWT'): string {
  made += 1
  const now = clock.now()
  return signJwt(shopKey, { typ, claims: { iss, sub, aud: issuer, exp: now + 60, iat: now, jti: `jwt ${made}` } })
}

const posted = (
  target: string,
  fields: Readonly<Record<string, string>>,
  ...headers: readonly (readonly [string, string])[]
): RawRequest => ({ method: 'POST', target, headers: [form, ...headers], body: new URLSearchParams(fields).toString() })

/** Proved by Basic, by a JWT, or not at all; with a proof of possession or without. */
function byAnyone(server: TestServer, given: Supplies, random: Random, target: string, fields: Record<string, string>) {
  const keyed = { client_assertion_type: assertionType, client_assertion: assertion(server, 'keyed', 'keyed') }
  const proof = random.chance(0.3) ? [['dpop', given.dpop.proof({ htu: issuer + target })] as const] : []
  if (random.chance(0.4)) return posted(target, { ...fields, ...keyed }, ...proof)
  return posted(target, fields, shopBasic, ...proof)
}

const authorization = (random: Random, more: Record<string, string> = {}): Record<string, string> => ({
  ...asked,
  response_mode: random.of(['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']),
  ...(random.chance(0.5) && { authorization_details: details }),
  ...(random.chance(0.5) && { resource: api }),
  ...(random.chance(0.3) && { acr_values: 'gold', max_age: '5' }),
  ...more,
})

/** RFC 9101 and RFC 9126: as the endpoint finds a request, whole or somewhere else. */
function requestOf(server: TestServer, given: Supplies, random: Random): Record<string, string> {
  const fields = authorization(random)
  const client_id = 'shop'
  return random.of([
    () => fields,
    () => ({ client_id, request: objectOf(server, fields) }),
    () => ({ client_id, request: given.encrypted }),
    () => ({ client_id, request_uri: given.reference }),
    () => ({ ...fields, client_id: 'https://client.example/document' }),
  ])()
}

const grants: readonly ((server: TestServer, given: Supplies) => Record<string, string>)[] = [
  () => ({ grant_type: 'client_credentials', resource: api, authorization_details: details }),
  (server) => ({ grant_type: bearerType, assertion: assertion(server, 'https://idp.example', 'u1') }),
  (server) => ({ grant_type: bearerType, assertion: assertion(server, 'keyed', 'keyed') }),
  (_, { jwt, token }) => ({
    grant_type: exchangeType,
    subject_token: token,
    subject_token_type: accessTokenType,
    actor_token: jwt,
    actor_token_type: accessTokenType,
  }),
]

const metadataFrom = ({ clock }: TestServer, random: Random) => ({
  ...webMetadata,
  jwks: { keys: [shopKey.publicJwk] },
  token_endpoint_auth_method: 'private_key_jwt',
  client_uri: 'https://app.example/',
  contacts: ['a@app.example'],
  authorization_details_types: ['payment'],
  resources: [api],
  scope: 'read',
  request_uris: ['https://app.example/object'],
  ...(random.chance(0.3) && {
    software_statement: signJwt(shopKey, {
      typ: 'JWT',
      claims: { iss: 'https://sw.example', exp: clock.now() + 300, client_name: 'Stated' },
    }),
  }),
})

export const oauth2Subject: FuzzSubject<Supplies> = {
  start,
  supplies,
  targets: {
    authorize(server, given, random) {
      const query = new URLSearchParams(requestOf(server, given, random)).toString()
      if (random.chance(0.7)) return { method: 'GET', target: `/authorize?${query}`, headers: [], body: '' }
      return { method: 'POST', target: '/authorize', headers: [form], body: query }
    },
    par: (server, given, random) =>
      random.chance(0.2)
        ? byAnyone(server, given, random, '/par', requestOf(server, given, random))
        : posted('/par', requestOf(server, given, random), shopBasic),
    token: (server, given, random) => byAnyone(server, given, random, '/token', random.of(grants)(server, given)),
    redeem: (_server, given, random) =>
      posted(
        '/token',
        random.of([
          {
            grant_type: 'authorization_code',
            code: random.of(given.codes),
            code_verifier: pkcePair.verifier,
            client_id: 'app',
          },
          {
            grant_type: 'refresh_token',
            refresh_token: given.refresh,
            client_id: 'app',
            authorization_details: details,
          },
          { grant_type: deviceGrantType, device_code: given.deviceCode, client_id: 'tv' },
        ]),
        ['dpop', given.dpop.proof()],
      ),
    introspect: (_server, given, random) =>
      posted('/introspect', { token: random.of([given.token, given.jwt, given.bound]) }, shopBasic, [
        'accept',
        random.of(['application/json', 'application/token-introspection+jwt']),
      ]),
    revoke: (_server, given, random) => posted('/revoke', { token: random.of([given.token, given.jwt]) }, shopBasic),
    deviceStart: () => posted('/device_authorization', { client_id: 'tv', scope: 'read', resource: api }),
    device: (_server, { cookie, userCode }, random) =>
      random.chance(0.5)
        ? { method: 'GET', target: `/device?user_code=${userCode}`, headers: [], body: '' }
        : posted('/device', { user_code: userCode, action: 'continue', csrf: 'x' }, ['cookie', cookie]),
    register: (server, _given, random) => ({
      method: 'POST',
      target: '/register',
      headers: [json],
      body: JSON.stringify(metadataFrom(server, random)),
    }),
    manage: (_server, { client }, random) => ({
      method: random.of(['GET', 'PUT', 'PUT', 'PUT']),
      target: new URL(client.registration_client_uri).pathname,
      headers: [json, ['authorization', `Bearer ${client.registration_access_token}`]],
      body: JSON.stringify(updateOf(client, { client_name: 'New' })),
    }),
    jwks: () => ({ method: 'GET', target: '/jwks', headers: [], body: '' }),
    metadata: () => ({ method: 'GET', target: '/.well-known/oauth-authorization-server', headers: [], body: '' }),
    interaction: (_server, { cookie, interaction }, random) => ({
      method: random.of(['GET', 'POST']),
      target: interaction,
      headers: [form, ['cookie', cookie]],
      body: 'csrf=x&decision=allow&scope=read&action=sign_in&username=ada&password=x',
    }),
    resource: (_server, given, random) => ({
      method: 'GET',
      target: '/resource?a=b',
      headers: random.of([
        [['authorization', `Bearer ${given.jwt}`]],
        [
          ['authorization', `DPoP ${given.bound}`],
          ['dpop', given.dpop.proof({ htm: 'GET', htu: `${issuer}/resource`, accessToken: given.bound })],
        ],
      ] as (readonly [string, string])[][]),
      body: '',
    }),
  },
}
