import type { Client } from '../model/client.ts'
import { clientAlgorithmsProblem } from './client-algorithms.ts'
import { clientAuthenticationProblem } from './client-authentication.ts'
import { clientKeysProblem } from './client-keys.ts'
import { clientNameProblem } from './client-name.ts'
import { oauth1RegistrationProblem } from './oauth1-registration.ts'
import { isRedirectScheme } from './redirect-scheme.ts'
import { redirectUriProblem } from './redirect-uri.ts'
import { isResourceIdentifier } from './resource.ts'
import { isScopeName } from './scope.ts'
import { isFetchableUrl, isWebUrl } from './web-url.ts'

const printable = /^[\x20-\x7e]{1,200}$/
const redirecting = ['authorization_code', 'implicit']
const modes = ['S256', 'plain', 'none']
const builtIn = ['query', 'fragment', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']

/** What the server knows besides what is built in. */
export interface KnownToServer {
  /** Response modes of the host's own. Default: none. */
  readonly responseModes?: readonly string[]
}

type Check = (client: Client, known: KnownToServer) => string | undefined

/** RFC 7591 §2.1 and §5: a registration that contradicts itself, or could be used against others, is refused. */
const checks: readonly Check[] = [
  ({ client_id }) => (printable.test(client_id) ? undefined : 'client_id: must be 1 to 200 printable ASCII characters'),
  ({ client_name }) => clientNameProblem(client_name),
  ({ redirect_schemes = [] }) =>
    redirect_schemes.every(isRedirectScheme)
      ? undefined
      : 'redirect_schemes: must be private-use schemes such as myapp, in lower case',
  ({ redirect_uris, redirect_schemes, application_type }) => {
    for (const uri of redirect_uris) {
      const problem = redirectUriProblem(uri, application_type, redirect_schemes)
      if (problem !== undefined) return `redirect_uris: ${JSON.stringify(uri)} ${problem}`
    }
    return undefined
  },
  ({ grant_types, redirect_uris }) =>
    redirect_uris.length === 0 && grant_types.some((type) => redirecting.includes(type))
      ? 'redirect_uris: at least one is needed for the authorization code and implicit grants'
      : undefined,
  ({ grant_types, response_types }) =>
    grant_types.includes('authorization_code') === response_types.includes('code')
      ? undefined
      : 'response_types: code goes with the grant type authorization_code, one is there without the other',
  ({ grant_types, response_types }) =>
    grant_types.includes('implicit') === response_types.includes('token')
      ? undefined
      : 'response_types: token goes with the grant type implicit, one is there without the other',
  (client) =>
    client.token_endpoint_auth_method === 'none' && client.client_secret_hash !== undefined
      ? 'token_endpoint_auth_method: none is for clients without a secret'
      : undefined,
  (client) =>
    /^client_secret_(?:basic|post)$/.test(client.token_endpoint_auth_method) && client.client_secret_hash === undefined
      ? `token_endpoint_auth_method: ${client.token_endpoint_auth_method} needs a client secret`
      : undefined,
  (client) =>
    client.token_endpoint_auth_method === 'none' && client.grant_types.includes('client_credentials')
      ? 'grant_types: client_credentials is for clients that authenticate'
      : undefined,
  clientAuthenticationProblem,
  ({ pkce = [], token_endpoint_auth_method }) => {
    if (pkce.some((mode) => !modes.includes(mode))) return `pkce: valid are ${modes.join(', ')}`
    return pkce.includes('none') && token_endpoint_auth_method === 'none'
      ? 'pkce: a public client cannot go without'
      : undefined
  },
  ({ oauth1, application_type }) =>
    oauth1 === undefined ? undefined : oauth1RegistrationProblem(oauth1, application_type),
  ({ response_modes = [] }, { responseModes = [] }) => {
    const valid = [...builtIn, ...responseModes]
    return response_modes.every((mode) => valid.includes(mode))
      ? undefined
      : `response_modes: valid are ${valid.join(', ')}`
  },
  ({ application_type }) =>
    ['web', 'native'].includes(application_type) ? undefined : 'application_type: must be web or native',
  ({ scope }) =>
    (scope ?? '').split(' ').filter(Boolean).every(isScopeName)
      ? undefined
      : 'scope: holds characters that are not allowed',
  (client) => {
    const names = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const
    const wrong = names.find((name) => !isWebUrl(client[name] ?? 'https://none.example'))
    return wrong === undefined ? undefined : `${wrong}: must be an http or https URL`
  },
  ({ request_uris = [] }) =>
    request_uris.every(isFetchableUrl) ? undefined : 'request_uris: must be https URLs (http on this machine only)',
  ({ resources = [] }) =>
    resources.every(isResourceIdentifier) ? undefined : 'resources: must be absolute URIs without fragment',
  clientKeysProblem,
  clientAlgorithmsProblem,
]

/** What is wrong with a registration, with the name of the member, or undefined. */
export function clientProblem(client: Client, known: KnownToServer = {}): string | undefined {
  for (const check of checks) {
    const problem = check(client, known)
    if (problem !== undefined) return problem
  }
  return undefined
}
