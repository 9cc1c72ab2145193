import { type Client, fapiAlgorithms, fapiAuthMethods, redirectUriProblem, type SenderConstraint } from 'cardea'
import type { PresetName } from '../config/preset-schema.ts'

/** What a profile refuses of a client, and what to change. */
export interface Objection {
  readonly refused: string
  readonly advice: string
  /** The client itself has to do something, which its registration does not tell. Default false. */
  readonly unsure?: boolean
}

/** What the configuration says that clients are held to. */
export interface ProfileContext {
  readonly senderConstraint: SenderConstraint
  /** Identifiers of the resources of the configuration. */
  readonly resources: readonly string[]
}

type Rule = (client: Client, context: ProfileContext) => readonly Objection[]

const isRedirected = ({ grant_types }: Client): boolean => grant_types.includes('authorization_code')

const update = ({ client_id }: Client, options: string): string =>
  `run \`cardea client update ${client_id} ${options}\``

/** One objection, where there is something to object to. */
const objection = (isThere: unknown, refused: string, advice: string, unsure = false): readonly Objection[] =>
  isThere ? [{ refused, advice, unsure }] : []

const pkce: Rule = (client) =>
  objection(
    isRedirected(client) && client.pkce?.some((mode) => mode !== 'S256'),
    `requests without PKCE by S256, which it is registered for (pkce: ${client.pkce?.join(', ')})`,
    `have it send code_challenge_method=S256, then ${update(client, '--pkce S256')}`,
  )

const forbiddenGrant: Rule = (client) => {
  const isForbidden = (type: string): boolean => type === 'implicit' || type === 'password'
  const others = client.grant_types.filter((type) => !isForbidden(type))
  const left = others.length > 0 ? others : ['authorization_code', 'refresh_token']
  const options = left.map((type) => `--grant ${type}`).join(' ')
  return client.grant_types
    .filter(isForbidden)
    .flatMap((grant) =>
      objection(true, `the grant ${grant}`, `move it to the authorization code, then ${update(client, options)}`),
    )
}

const forbiddenResponse: Rule = (client) =>
  objection(
    client.response_types.some((type) => type !== 'code') && !client.grant_types.includes('implicit'),
    `the response types ${client.response_types.join(', ')}`,
    update(client, '--response-type code'),
  )

const unsafeRedirect: Rule = (client) =>
  client.redirect_uris.flatMap((uri) => {
    const problem = redirectUriProblem(uri, client.application_type)
    return objection(
      problem,
      `the redirect URI ${uri}, which ${problem}`,
      update(client, '--redirect-uri <https address>'),
    )
  })

const weakAuthentication: Rule = (client) =>
  objection(
    !fapiAuthMethods.some((method) => method === client.token_endpoint_auth_method),
    `client authentication by ${client.token_endpoint_auth_method}`,
    update(client, '--auth-method private_key_jwt --jwks <file>'),
  )

/** What each kind of key can sign with that the profile takes. */
function fits({ alg, crv, kty, n }: { readonly [member: string]: unknown }): boolean {
  const can = { 'P-256': ['ES256'], Ed25519: ['EdDSA', 'Ed25519'] }[String(crv)] ?? (kty === 'RSA' ? ['PS256'] : [])
  const isLong = kty !== 'RSA' || (typeof n === 'string' && Buffer.from(n, 'base64url').length >= 256)
  return isLong && (alg === undefined ? can.length > 0 : can.some((name) => name === alg))
}

const weakKeys: Rule = (client) =>
  objection(
    client.token_endpoint_auth_method === 'private_key_jwt' &&
      client.jwks !== undefined &&
      !client.jwks.keys.some((key) => fits(key as never)),
    `its keys, none of which signs by ${fapiAlgorithms.join(', ')}`,
    `make it a key of the curve P-256, then ${update(client, '--jwks <file>')}`,
  )

const algorithms = [
  ['token_endpoint_auth_signing_alg', '--auth-alg'],
  ['request_object_signing_alg', '--request-alg'],
  ['authorization_signed_response_alg', '--response-alg'],
  ['introspection_signed_response_alg', '--introspection-alg'],
] as const

const weakAlgorithm: Rule = (client) =>
  algorithms.flatMap(([member, option]) => {
    const registered = client[member]
    return objection(
      registered !== undefined && !fapiAlgorithms.some((name) => name === registered),
      `signatures by ${registered} (${member})`,
      update(client, `${option} ES256`),
    )
  })

const unbound: Rule = (client, { senderConstraint }) => {
  const byKey = client.dpop_bound_access_tokens === true
  const byCertificate = client.tls_client_certificate_bound_access_tokens === true
  if (senderConstraint === 'certificate') {
    const show = `have it show a certificate, then ${update(client, '--no-dpop --certificate-bound')}`
    if (byKey)
      return objection(true, 'proofs of DPoP, which it is registered for: tokens are bound to certificates', show)
    return objection(!byCertificate, 'token requests without a certificate', show, true)
  }
  const proofs = `have it send DPoP proofs, then ${update(client, '--dpop')}`
  return objection(!(byKey || byCertificate), 'token requests without proof of a key', proofs, true)
}

const notPushed: Rule = (client) => [
  ...objection(
    isRedirected(client) && !client.require_pushed_authorization_requests,
    'authorization requests that are not pushed',
    `have it push them to /par, with redirect_uri, then ${update(client, '--pushed-requests')}`,
    true,
  ),
  ...objection(
    (client.request_uris?.length ?? 0) > 0,
    `requests that it publishes (${client.request_uris?.join(', ')})`,
    'have it push what stands there',
    true,
  ),
]

const oauth1: Rule = (client) =>
  objection(client.oauth1, 'OAuth 1', `move it to OAuth 2, then ${update(client, '--no-oauth1')}`)

const notSigned: Rule = (client) =>
  objection(
    isRedirected(client) && !client.require_signed_request_object,
    'authorization requests that are not signed',
    `have it sign them, then ${update(client, '--signed-requests')}`,
    true,
  )

const unsignedAnswers: Rule = (client) => {
  const { authorization_signed_response_alg: alg, response_modes: modes = ['any'] } = client
  if (!isRedirected(client)) return []
  const unsigned = modes.filter((mode) => !mode.endsWith('jwt'))
  return [
    ...objection(
      unsigned.length > 0,
      `answers that are not signed (response modes: ${unsigned.join(', ')})`,
      `have it send response_mode=jwt, then ${update(client, '--response-mode jwt')}`,
      unsigned.length < modes.length || modes.includes('any'),
    ),
    ...objection(
      alg === undefined,
      'answers signed by RS256, which a client expects that is registered for nothing',
      update(client, '--response-alg ES256'),
      true,
    ),
  ]
}

const privateScheme: Rule = (client) =>
  client.redirect_uris
    .filter((uri) => !/^https?:/i.test(uri))
    .flatMap((uri) =>
      objection(
        true,
        `nothing, but MCP knows only https and loopback redirect URIs, not ${uri}`,
        'have it listen on a loopback port',
        true,
      ),
    )

const localhostPort: Rule = (client) =>
  objection(
    client.application_type === 'native' &&
      !client.localhost_any_port &&
      client.redirect_uris.some((uri) => /^http:\/\/localhost\b/i.test(uri)),
    'a redirect to localhost at another port than the registered one',
    update(client, '--localhost-any-port'),
    true,
  )

const otherResources: Rule = ({ client_id, resources: own }, { resources }) =>
  objection(
    own !== undefined && resources.length > 0 && !own.some((one) => resources.includes(one)),
    `tokens for ${resources.join(', ')}: it may have them for ${own?.join(', ')} only`,
    update({ client_id } as Client, `--resource ${resources[0]}`),
  )

const rulesOf = (profile: PresetName): readonly Rule[] => {
  const milder = [forbiddenGrant, forbiddenResponse, pkce, unsafeRedirect]
  if (profile === 'oauth21') return milder
  if (profile === 'mcp') return [...milder, privateScheme, localhostPort, otherResources]
  const fapi2 = [...milder, oauth1, weakAuthentication, weakKeys, weakAlgorithm, unbound, notPushed]
  return profile === 'fapi2' ? fapi2 : [...fapi2, notSigned, unsignedAnswers]
}

const speaksOAuth1Only = ({ grant_types, oauth1: registration }: Client): boolean =>
  registration !== undefined && grant_types.length === 0

/** What a profile would refuse of a client. */
export function objectionsTo(client: Client, profile: PresetName, context: ProfileContext): readonly Objection[] {
  const rules = rulesOf(profile).filter((rule) => rule === oauth1 || !speaksOAuth1Only(client))
  return rules.flatMap((rule) => rule(client, context))
}
