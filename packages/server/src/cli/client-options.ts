import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { reasonOf } from '../config/environment.ts'
import { authMethods } from '../load/authentication-fields.ts'
import { type ClientRow, clientRow } from '../load/rows.ts'
import { checkedRow } from './checked-row.ts'
import { type Invocation, several, textOf } from './define-command.ts'
import { usage } from './exit-codes.ts'
import { addSecretOptions, clientSecretSource, oauth1SecretSource } from './secret-input.ts'

/** Options that are a text or a list of texts, and the field each sets. */
const fields = {
  name: 'client_name',
  redirectUri: 'redirect_uris',
  redirectScheme: 'redirect_schemes',
  grant: 'grant_types',
  responseType: 'response_types',
  authMethod: 'token_endpoint_auth_method',
  authAlg: 'token_endpoint_auth_signing_alg',
  jwksUri: 'jwks_uri',
  tlsSubject: 'tls_client_auth_subject_dn',
  tlsDns: 'tls_client_auth_san_dns',
  tlsUri: 'tls_client_auth_san_uri',
  tlsIp: 'tls_client_auth_san_ip',
  tlsEmail: 'tls_client_auth_san_email',
  scope: 'scope',
  pkce: 'pkce',
  responseMode: 'response_modes',
  clientUri: 'client_uri',
  logoUri: 'logo_uri',
  policyUri: 'policy_uri',
  tosUri: 'tos_uri',
  contact: 'contacts',
  resource: 'resources',
  introspectionAlg: 'introspection_signed_response_alg',
  requestAlg: 'request_object_signing_alg',
  requestUri: 'request_uris',
  responseAlg: 'authorization_signed_response_alg',
  responseEncryption: 'authorization_encrypted_response_alg',
  responseEncryptionEnc: 'authorization_encrypted_response_enc',
  detailType: 'authorization_details_types',
} as const satisfies Record<string, keyof ClientRow>

const flags = {
  firstParty: 'first_party',
  introspectAny: 'introspect_any',
  pushedRequests: 'require_pushed_authorization_requests',
  signedRequests: 'require_signed_request_object',
  dpop: 'dpop_bound_access_tokens',
  localhostAnyPort: 'localhost_any_port',
  certificateBound: 'tls_client_certificate_bound_access_tokens',
} as const satisfies Record<string, keyof ClientRow>

const addOAuth1Options = (command: Command): Command =>
  addSecretOptions(
    command
      .option('--oauth1', 'it speaks OAuth 1.0a; a shared secret is made and shown once, unless there is an RSA key')
      .option('--callback <uri>', 'callback of OAuth 1, or oob; may be repeated', several)
      .option('--rsa-key <file>', 'PEM file of the RSA public key it signs with')
      .option('--signature-method <name>', 'signature method it is limited to; may be repeated', several),
    oauth1SecretSource,
  )

export const addClientOptions = (command: Command): Command => addOAuth1Options(addGeneralOptions(command))

const addKindOptions = (command: Command): Command =>
  command
    .option('--public', 'cannot keep a secret: the same as --auth-method none')
    .option(
      '--device',
      'a device without browser or keyboard: grants device_code and refresh_token, unless they are said',
    )
    .option('--native', 'an app on a device: loopback and private-use redirect URIs are possible')
    .option('--redirect-scheme <name>', 'its own scheme without a dot, such as myapp; may be repeated', several)
    .option('--localhost-any-port', 'its redirects to http://localhost may differ in port, as those to 127.0.0.1 do')
    .option('--no-localhost-any-port', 'they are compared with their port')
    .option('--web', 'a web application: https redirect URIs only')

const addGeneralOptions = (command: Command): Command =>
  addSecretOptions(
    addKindOptions(command)
      .option('--name <text>', 'name shown to people')
      .option('--redirect-uri <uri>', 'redirect URI; may be repeated', several)
      .option('--grant <type>', 'grant type; may be repeated', several)
      .option('--response-type <type>', 'response type; may be repeated (default: what the grants need)', several)
      .option('--auth-method <method>', `how it proves itself: ${authMethods.join(', ')}`)
      .option('--auth <method>', 'the same as --auth-method')
      .option('--auth-alg <alg>', 'algorithm that it signs assertions with (default: any that fits its key)')
      .option('--jwks <file>', 'JSON file of its public keys, as a JWK Set')
      .option('--jwks-uri <uri>', 'where it publishes its keys')
      .option('--tls-subject <name>', 'subject of its certificate, as CN=shop,O=Acme (tls_client_auth)')
      .option('--tls-dns <name>', 'the same: DNS name of its certificate')
      .option('--tls-uri <uri>', 'the same: URI of its certificate')
      .option('--tls-ip <address>', 'the same: address of its certificate')
      .option('--tls-email <address>', 'the same: address of mail of its certificate')
      .option('--scope <names>', 'at most this scope, space separated (default: every scope)')
      .option('--pkce <mode>', 'PKCE allowed besides S256: plain or none; may be repeated', several)
      .option('--response-mode <mode>', 'response mode it is limited to; may be repeated', several)
      .option('--client-uri <uri>', 'its home page')
      .option('--logo-uri <uri>', 'its logo')
      .option('--policy-uri <uri>', 'its privacy policy')
      .option('--tos-uri <uri>', 'its terms of service')
      .option('--contact <address>', 'who answers for it; may be repeated', several)
      .option('--resource <uri>', 'protected resource it may have tokens for; may be repeated (default: all)', several)
      .option('--introspection-alg <alg>', 'signs introspection answers that it asks for as JWTs (default: RS256)')
      .option('--pushed-requests', 'must push its authorization requests (RFC 9126)')
      .option('--no-pushed-requests', 'may send people with whole requests')
      .option('--signed-requests', 'must sign its authorization requests (RFC 9101)')
      .option('--no-signed-requests', 'need not sign its requests')
      .option('--dpop', 'gets no tokens but those bound to a key that it proves to hold (RFC 9449)')
      .option('--no-dpop', 'gets tokens without proof, too')
      .option('--certificate-bound', 'gets no tokens but those bound to the certificate of its connection (RFC 8705)')
      .option('--no-certificate-bound', 'gets tokens without a certificate, too')
      .option('--request-alg <alg>', 'algorithm that it signs requests with (default: any that the server takes)')
      .option('--request-uri <uri>', 'where its signed requests may be fetched; may be repeated', several)
      .option('--response-alg <alg>', 'signs authorization responses that it asks for as JWTs (default: RS256)')
      .option(
        '--response-encryption <alg>',
        'encrypts them to its key, such as RSA-OAEP-256 (default: they are signed only)',
      )
      .option('--response-encryption-enc <enc>', 'encrypts their content (default: A128CBC-HS256)')
      .option(
        '--detail-type <type>',
        'type of authorization_details it may use; may be repeated (default: all)',
        several,
      )
      .option('--first-party', 'one of your own: consent is not asked for')
      .option('--no-first-party', 'consent is asked for')
      .option('--introspect-any', 'a resource server: may introspect tokens of every client')
      .option('--no-introspect-any', 'may introspect its own tokens only')
      .option(
        '--secret-expires <date>',
        'when its secret ends: 2027-01-31, epoch seconds, or never (a new one: never)',
      ),
    clientSecretSource,
  )

/** What is no number is handed on, so that the schema of rows says what is valid. */
const momentFrom = (text: string): number | string => {
  if (text === 'never') return 0
  return /^\d+$/.test(text) ? Number(text) : text
}

/** RFC 7517 §5. */
function keySetFrom(cwd: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(resolve(cwd, file), 'utf8'))
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : `cannot be read (${reasonOf(error)})`
    throw usage(`--jwks: got ${JSON.stringify(file)}, which ${reason}`)
  }
}

/** Keys by value and by address exclude each other: what is said now replaces the other. */
function placeKeys(row: Record<string, unknown>, { world, options }: Invocation): void {
  const file = textOf(options.jwks)
  if (options.jwksUri !== undefined) delete row.jwks
  if (file === undefined) return
  row.jwks = keySetFrom(world.cwd, file)
  if (options.jwksUri === undefined) delete row.jwks_uri
}

function keyFrom(cwd: string, file: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8')
  } catch (error) {
    throw usage(`--rsa-key: got ${JSON.stringify(file)}, which cannot be read (${reasonOf(error)})`)
  }
}

/** What the options make of a registration of OAuth 1. Any option of it says that the client speaks it. */
function oauth1From(start: ClientRow['oauth1'], { world, options }: Invocation): unknown {
  const file = textOf(options.rsaKey)
  const said = {
    ...(options.callback !== undefined && { callbacks: options.callback }),
    ...(options.signatureMethod !== undefined && { signature_methods: options.signatureMethod }),
    ...(file !== undefined && { public_key: keyFrom(world.cwd, file) }),
  }
  const hasSecret = options.oauth1Secret !== undefined || options.oauth1SecretStdin === true
  const isSaid = options.oauth1 === true || hasSecret || Object.keys(said).length > 0
  if (options.oauth1 !== false) return isSaid || start !== undefined ? { ...start, ...said } : undefined
  if (hasSecret || Object.keys(said).length > 0) throw usage('--no-oauth1 contradicts the other options of OAuth 1')
  return undefined
}

/** The row that the options make of a client, on top of what there is. */
export function rowFromOptions(start: ClientRow, invocation: Invocation): ClientRow {
  const { options } = invocation
  const row: Record<string, unknown> = { ...start, oauth1: oauth1From(start.oauth1, invocation) }
  if (row.oauth1 === undefined) delete row.oauth1
  for (const [option, field] of Object.entries({ ...fields, ...flags })) {
    if (options[option] !== undefined) row[field] = options[option]
  }
  if (options.device === true && options.grant === undefined) {
    row.grant_types = ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token']
    if (options.responseType === undefined) delete row.response_types
  }
  // Response types follow the grants, unless they are said.
  if (options.grant !== undefined && options.responseType === undefined) delete row.response_types
  if (options.auth !== undefined) row.token_endpoint_auth_method = options.auth
  placeKeys(row, invocation)
  const expires = textOf(options.secretExpires)
  if (expires !== undefined) row.client_secret_expires_at = momentFrom(expires)
  if (options.public === true) row.token_endpoint_auth_method = 'none'
  if (options.native === true) row.application_type = 'native'
  if (options.web === true) row.application_type = 'web'
  if (options.disable === true) row.disabled = true
  if (options.enable === true) row.disabled = false
  return checkedRow(clientRow, row)
}
