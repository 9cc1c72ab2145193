import type { Client, Store } from 'cardea'
import { everyPage } from '../cli/every-page.ts'
import type { PresetName } from '../config/preset-schema.ts'
import { type Finding, note, ok, warn } from './finding.ts'

/** What a profile refuses of a client, and what to change. */
interface Objection {
  readonly refused: string
  readonly advice: string
  /** The client itself has to do something, which its registration does not tell. Default false. */
  readonly unsure?: boolean
}

type Rule = (client: Client) => Objection | undefined

const redirecting = ({ grant_types }: Client): boolean => grant_types.includes('authorization_code')

const update = ({ client_id }: Client, options: string): string =>
  `run \`cardea client update ${client_id} ${options}\``

const withoutPkce: Rule = (client) =>
  redirecting(client) && client.pkce?.some((mode) => mode !== 'S256')
    ? {
        refused: `requests without PKCE by S256, which it is registered for (pkce: ${client.pkce.join(', ')})`,
        advice: `have it send code_challenge_method=S256, then ${update(client, '--pkce S256')}`,
      }
    : undefined

const forbiddenGrant: Rule = (client) => {
  const grant = client.grant_types.find((type) => type === 'implicit' || type === 'password')
  if (grant === undefined) return undefined
  const others = client.grant_types.filter((type) => type !== 'implicit' && type !== 'password')
  const left = others.length > 0 ? others : ['authorization_code', 'refresh_token']
  return {
    refused: `the grant ${grant}`,
    advice: `move it to the authorization code, then ${update(client, left.map((type) => `--grant ${type}`).join(' '))}`,
  }
}

const fapiMethods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']

const weakAuthentication: Rule = (client) =>
  fapiMethods.includes(client.token_endpoint_auth_method)
    ? undefined
    : {
        refused: `client authentication by ${client.token_endpoint_auth_method}`,
        advice: update(client, '--auth-method private_key_jwt --jwks <file>'),
      }

const fapiAlgorithms = ['PS256', 'ES256', 'EdDSA']

const algorithms = [
  ['token_endpoint_auth_signing_alg', '--auth-alg'],
  ['request_object_signing_alg', '--request-alg'],
  ['authorization_signed_response_alg', '--response-alg'],
  ['introspection_signed_response_alg', '--introspection-alg'],
] as const

const weakAlgorithm: Rule = (client) => {
  const weak = algorithms.find(([member]) => !fapiAlgorithms.includes(client[member] ?? 'ES256'))
  if (weak === undefined) return undefined
  const [member, option] = weak
  return { refused: `signatures by ${client[member]} (${member})`, advice: update(client, `${option} ES256`) }
}

const unbound: Rule = (client) =>
  client.dpop_bound_access_tokens || client.tls_client_certificate_bound_access_tokens
    ? undefined
    : {
        refused: 'token requests without proof of a key',
        advice: `have it send DPoP proofs, then ${update(client, '--dpop')}`,
        unsure: true,
      }

const notPushed: Rule = (client) =>
  !redirecting(client) || client.require_pushed_authorization_requests
    ? undefined
    : {
        refused: 'authorization requests that are not pushed',
        advice: `have it push them to /par, then ${update(client, '--pushed-requests')}`,
        unsure: true,
      }

const notSigned: Rule = (client) =>
  !redirecting(client) || client.require_signed_request_object
    ? undefined
    : {
        refused: 'authorization requests that are not signed',
        advice: `have it sign them, then ${update(client, '--signed-requests')}`,
        unsure: true,
      }

const unsignedAnswers: Rule = (client) =>
  !redirecting(client) || client.response_modes === undefined || client.response_modes.some((m) => m.endsWith('jwt'))
    ? undefined
    : {
        refused: `its response modes (${client.response_modes.join(', ')})`,
        advice: update(client, '--response-mode jwt'),
      }

const privateScheme: Rule = (client) => {
  const uri = client.redirect_uris.find((one) => !/^https?:/i.test(one))
  if (uri === undefined) return undefined
  return {
    refused: `nothing, but MCP knows only https and loopback redirect URIs, not ${uri}`,
    advice: 'have it listen on a loopback port',
    unsure: true,
  }
}

const oauth21: readonly Rule[] = [forbiddenGrant, withoutPkce]
const fapi2: readonly Rule[] = [...oauth21, weakAuthentication, weakAlgorithm, unbound, notPushed]

const rules: Readonly<Record<PresetName, readonly Rule[]>> = {
  oauth21,
  mcp: [...oauth21, privateScheme],
  fapi2,
  'fapi2-message-signing': [...fapi2, notSigned, unsignedAnswers],
}

function findingsOf(client: Client, profile: PresetName): Finding[] {
  const objections = rules[profile].map((rule) => rule(client)).filter((found) => found !== undefined)
  return objections.map(({ refused, advice, unsure = false }) =>
    (unsure ? note : warn)(`profile ${profile}`, `refuses client ${client.client_id}: ${refused}`, advice),
  )
}

/** What a profile would refuse of every client that is not disabled. */
export async function checkProfile(store: Store, profile: PresetName): Promise<Finding[]> {
  const findings: Finding[] = []
  const pages = everyPage(
    (page) => store.clients.list(page),
    ({ client_id }) => client_id,
  )
  for await (const client of pages) if (!client.disabled) findings.push(...findingsOf(client, profile))
  return findings.length > 0 ? findings : [ok(`profile ${profile}`, 'refuses nothing of any client')]
}
