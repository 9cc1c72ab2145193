import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  authorizationCode,
  clientCredentials,
  describedDetailType,
  fapi2,
  mcp,
  oauth21,
  type ProviderOptions,
  password,
  refreshToken,
} from 'cardea'
import { Caller } from './caller.ts'
import * as endpoints from './endpoints.ts'
import { documents, grantTypes, scopes } from './grants.ts'
import type { Prover } from './prover.ts'
import * as requests from './requests.ts'
import { authority, libraryTarget, metadataOf, serverTarget, type Target } from './target.ts'

const { authAlgorithms, authMethods, endpoint } = endpoints

const issuer: Prover = async (value, { target }) => assert.equal(value, target.issuer)

/** Public keys only. */
const keys: Prover = async (value, { target }) => {
  const answer = (await (await target.send(String(value))).json()) as { keys: Record<string, unknown>[] }
  assert.equal(answer.keys.length > 0, true)
  assert.equal(
    answer.keys.some((key) => 'd' in key),
    false,
  )
}

/** How each member is proved. A member that is not here has no place in the metadata. */
const provers: Readonly<Record<string, Prover>> = {
  issuer,
  authorization_endpoint: endpoint('/authorize'),
  token_endpoint: endpoint('/token'),
  revocation_endpoint: endpoint('/revoke'),
  introspection_endpoint: endpoint('/introspect'),
  pushed_authorization_request_endpoint: endpoint('/par'),
  device_authorization_endpoint: endpoint('/device_authorization'),
  registration_endpoint: endpoints.registration,
  jwks_uri: keys,
  scopes_supported: scopes,
  response_types_supported: requests.responseTypes,
  response_modes_supported: requests.responseModes,
  grant_types_supported: grantTypes,
  token_endpoint_auth_methods_supported: authMethods('token'),
  revocation_endpoint_auth_methods_supported: authMethods('revocation'),
  introspection_endpoint_auth_methods_supported: authMethods('introspection'),
  token_endpoint_auth_signing_alg_values_supported: authAlgorithms('token'),
  revocation_endpoint_auth_signing_alg_values_supported: authAlgorithms('revocation'),
  introspection_endpoint_auth_signing_alg_values_supported: authAlgorithms('introspection'),
  introspection_signing_alg_values_supported: endpoints.introspectionAlgorithms,
  introspection_encryption_alg_values_supported: endpoints.introspectionKeyEncryption,
  introspection_encryption_enc_values_supported: endpoints.introspectionContentEncryption,
  code_challenge_methods_supported: requests.challengeMethods,
  prompt_values_supported: requests.prompts,
  acr_values_supported: requests.acrValues,
  authorization_response_iss_parameter_supported: requests.issuerNamed,
  require_pushed_authorization_requests: requests.pushRequired,
  require_signed_request_object: requests.signatureRequired,
  request_parameter_supported: requests.objectsTaken,
  request_uri_parameter_supported: requests.referencesTaken,
  require_request_uri_registration: requests.referencesRegistered,
  request_object_signing_alg_values_supported: requests.objectAlgorithms,
  request_object_encryption_alg_values_supported: requests.objectKeyEncryption,
  request_object_encryption_enc_values_supported: requests.objectContentEncryption,
  authorization_signing_alg_values_supported: requests.answerAlgorithms,
  authorization_encryption_alg_values_supported: requests.answerKeyEncryption,
  authorization_encryption_enc_values_supported: requests.answerContentEncryption,
  authorization_details_types_supported: requests.detailTypes,
  dpop_signing_alg_values_supported: endpoints.dpopAlgorithms,
  tls_client_certificate_bound_access_tokens: endpoints.certificateBound,
  mtls_endpoint_aliases: endpoints.aliases,
  client_id_metadata_document_supported: documents,
}

async function proveAll(t: TestContext, target: Target): Promise<void> {
  const metadata = await metadataOf(target)
  assert.deepEqual(
    Object.keys(metadata).filter((member) => !Object.hasOwn(provers, member)),
    [],
    'members that nothing proves',
  )
  const caller = await Caller.register(target, metadata)
  for (const [member, prove] of Object.entries(provers)) {
    const said = member in metadata ? 'means what it says' : 'is left out, and means its default'
    await t.test(`RFC 8414 §2: ${member} ${said}`, () => prove(metadata[member], { target, metadata, caller }))
  }
}

const payment = { title: 'Payment', fields: { amount: { label: 'Amount', type: 'decimal' as const } } }
const everyClass = ['urn:example:strong', 'urn:example:pwd']
const most = {
  responseTypes: ['code', 'token'] as const,
  pushedRequests: true,
  requestObjects: { encryption: true },
  signedResponses: true,
  dpop: true,
  deviceGrant: true,
  oauth1: true,
  jwtBearer: true,
  tokenExchange: true,
  clientDocuments: true,
  registration: { mode: 'open' as const },
  acrValues: everyClass,
  discoveryAliases: true,
  certificateBoundTokens: true,
}
const endpointOrigin = 'https://mtls.auth.example'
const mcpServer = 'https://auth.example/mcp'

const libraries: Readonly<Record<string, Partial<ProviderOptions>>> = {
  defaults: {},
  'everything on': {
    ...most,
    grants: [authorizationCode(), refreshToken(), clientCredentials(), password()],
    authorizationDetails: { payment: describedDetailType('payment', payment) },
    mutualTls: { certificateAuthorities: authority.pem, endpointOrigin },
  },
  'everything off': {
    responseModes: ['fragment'],
    grants: [authorizationCode(), clientCredentials()],
    clientAssertions: { algorithms: ['ES256'] },
    authMethods: ['private_key_jwt'],
  },
  'OAuth 2.1': { preset: oauth21() },
  'FAPI 2.0': { preset: fapi2() },
  'FAPI 2.0 with certificates': {
    preset: fapi2(),
    mutualTls: { certificateAuthorities: authority.pem, endpointOrigin },
  },
  'FAPI 2.0 message signing': { preset: fapi2({ messageSigning: true }) },
  MCP: { preset: mcp({ resources: [mcpServer], registration: true }) },
}

const servers: Readonly<Record<string, object>> = {
  defaults: {},
  'everything on': {
    ...most,
    grants: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
    authorizationDetails: { payment },
    mutualTls: { authoritiesFile: 'clients.pem', endpointOrigin, proxyHeader: 'client-cert' },
  },
  'OAuth 2.1': { preset: 'oauth21' },
  'FAPI 2.0': { preset: 'fapi2' },
  'FAPI 2.0 message signing': { preset: 'fapi2-message-signing' },
  MCP: { preset: 'mcp', resources: [{ identifier: mcpServer, name: 'MCP' }] },
}

for (const [name, options] of Object.entries(libraries)) {
  test(`A2-META-08: library, ${name}: every member of the metadata is proved by the wire`, async (t) => {
    await proveAll(t, await libraryTarget(options))
  })
}

for (const [name, config] of Object.entries(servers)) {
  test(`A2-META-08: server, ${name}: every member of the metadata is proved by the wire`, async (t) => {
    await proveAll(t, await serverTarget(t, config))
  })
}

test('A2-META-01: at every address that clients try, the metadata are the same', async () => {
  const target = await libraryTarget({ discoveryAliases: true, issuer: 'https://auth.example/tenant' })
  const names = ['oauth-authorization-server', 'openid-configuration']
  const paths = names.flatMap((name) => [
    `/.well-known/${name}`,
    `/.well-known/${name}/tenant`,
    `/tenant/.well-known/${name}`,
  ])
  const all = await Promise.all(paths.map(async (path) => (await target.send(`https://auth.example${path}`)).json()))
  for (const [at, one] of all.entries()) assert.deepEqual(one, all[0], paths[at])
  assert.equal(all[0].issuer, 'https://auth.example/tenant')
})
