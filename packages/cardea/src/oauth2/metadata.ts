import { prompts } from './authorize/prompt.ts'
import type { ResponseTypeName } from './authorize/request.ts'
import type { ResponseModeName } from './authorize/response-mode.ts'
import type { ClientAuthMethod } from './client-auth/method.ts'
import type { Grant } from './token/grant.ts'

/** What the server was put together from: metadata is computed from it and so cannot disagree with it. */
export interface MetadataSource {
  readonly issuer: string
  readonly endpoints: Readonly<Record<'authorize' | 'token' | 'revoke' | 'introspect', string>>
  readonly grants: readonly Grant[]
  /** Methods that clients can be registered for. What proves a client for one grant only is part of that grant. */
  readonly clientAuthMethods: readonly ClientAuthMethod[]
  readonly responseTypes: readonly ResponseTypeName[]
  readonly responseModes: readonly ResponseModeName[]
  readonly scopes: readonly string[]
}

/** RFC 8414 §2, with RFC 9207 §3; `prompt_values_supported` is of Initiating User Registration via OpenID Connect 1.0 §4. */
function authorizationMembers({ endpoints, responseModes, responseTypes }: MetadataSource): Record<string, unknown> {
  // RFC 8414 §2: without a grant that needs it, it is not named.
  if (responseTypes.length === 0) return {}
  return {
    authorization_endpoint: endpoints.authorize,
    response_modes_supported: responseModes,
    ...(responseTypes.includes('code') && { code_challenge_methods_supported: ['S256'] }),
    authorization_response_iss_parameter_supported: true,
    prompt_values_supported: prompts,
  }
}

/** RFC 8414 §3.2: lists of nothing are left out, but for the one that must be there. */
const withoutEmpty = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(members).filter(
      ([name, value]) => name === 'response_types_supported' || !Array.isArray(value) || value.length > 0,
    ),
  )

/** RFC 8414 §2. */
export function metadataFrom(source: MetadataSource): Record<string, unknown> {
  const methods = source.clientAuthMethods.map(({ name }) => name)
  const implicit = source.responseTypes.includes('token') ? ['implicit'] : []
  return withoutEmpty({
    issuer: source.issuer,
    ...authorizationMembers(source),
    token_endpoint: source.endpoints.token,
    revocation_endpoint: source.endpoints.revoke,
    introspection_endpoint: source.endpoints.introspect,
    scopes_supported: source.scopes,
    response_types_supported: source.responseTypes,
    grant_types_supported: [...source.grants.map(({ type }) => type), ...implicit],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods.filter((name) => name !== 'none'),
  })
}
