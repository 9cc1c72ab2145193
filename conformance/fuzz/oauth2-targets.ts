import type { TestServer } from 'cardea/testing'
import { signJwt } from '../../packages/cardea/src/core/crypto/jose/sign-jwt.ts'
import { pkcePair } from '../../packages/cardea/src/testing/code-flow.ts'
import { deviceGrantType } from '../../packages/cardea/src/testing/device-flow.ts'
import { asked } from '../../packages/cardea/test-support/pushing.ts'
import { updateOf, webMetadata } from '../../packages/cardea/test-support/registering.ts'
import { objectOf, shopKey } from '../../packages/cardea/test-support/signed-requests.ts'
import type { FuzzSubject } from './fuzz.ts'
import {
  api,
  bare,
  bearerType,
  details,
  exchangeType,
  issuer,
  type Supplies,
  sealedBasic,
  shopBasic,
  start,
  supplies,
} from './oauth2-supplies.ts'
import type { Random } from './random.ts'
import type { RawRequest } from './raw-request.ts'

const form = ['content-type', 'application/x-www-form-urlencoded'] as const
const json = ['content-type', 'application/json'] as const
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

const accessTokens = ({ bound, jwt, token, unkept }: Supplies): readonly string[] => [token, jwt, bound, unkept]

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
  ...(random.chance(0.5) && { resource: random.of([api, bare]) }),
  ...(random.chance(0.3) && { acr_values: random.of(['gold', 'silver gold', 'bronze']), max_age: '5' }),
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
  () => ({ grant_type: 'client_credentials', resource: bare }),
  (_, { unkept }) => ({ grant_type: exchangeType, subject_token: unkept, subject_token_type: accessTokenType }),
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
  // A native client has no key to keep, and may have a scheme that its policy names.
  ...(random.chance(0.3) && {
    application_type: random.of(['native', undefined]),
    redirect_uris: random.of([
      ['cursor://cb'],
      ['com.example.app:/cb'],
      ['http://localhost:1/cb'],
      ['https://a.host.example/'],
    ]),
    token_endpoint_auth_method: 'none',
    jwks: undefined,
  }),
  ...(random.chance(0.2) && {
    introspection_signed_response_alg: 'ES256',
    introspection_encrypted_response_alg: random.of(['RSA-OAEP-256', 'ECDH-ES']),
    introspection_encrypted_response_enc: random.of(['A128GCM', 'A256CBC-HS512']),
  }),
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
          ...[given.deviceCode, given.declined, given.waiting].map((device_code) => ({
            ...{ grant_type: deviceGrantType, device_code, client_id: 'tv' },
          })),
        ]),
        ['dpop', given.dpop.proof()],
      ),
    introspect: (_server, given, random) =>
      posted('/introspect', { token: random.of(accessTokens(given)) }, random.of([shopBasic, sealedBasic]), [
        'accept',
        random.of(['application/json', 'application/token-introspection+jwt']),
      ]),
    revoke: (_server, given, random) => posted('/revoke', { token: random.of(accessTokens(given)) }, shopBasic),
    deviceStart: () => posted('/device_authorization', { client_id: 'tv', scope: 'read', resource: api }),
    device: (_server, { cookie, userCode }, random) =>
      random.chance(0.5)
        ? { method: 'GET', target: `/device?user_code=${userCode}`, headers: [], body: '' }
        : posted('/device', { user_code: userCode, action: random.of(['continue', 'decline', 'deny']), csrf: 'x' }, [
            'cookie',
            cookie,
          ]),
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
        [['authorization', `Bearer ${random.of([given.jwt, given.unkept])}`]],
        [
          ['authorization', `DPoP ${given.bound}`],
          ['dpop', given.dpop.proof({ htm: 'GET', htu: `${issuer}/resource`, accessToken: given.bound })],
        ],
      ] as (readonly [string, string])[][]),
      body: '',
    }),
  },
}
