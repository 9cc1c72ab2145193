import type { ResponseTypeName } from './authorize/request.ts'
import type { ResponseModeName } from './authorize/response-mode.ts'
import type { ClientAuthMethod } from './client-auth/method.ts'
import type { Grant } from './token/grant.ts'

/** What the server was put together from: metadata is computed from it and so cannot disagree with it. */
export interface MetadataSource {
  readonly issuer: string
  readonly endpoints: Readonly<Record<'authorize' | 'token' | 'revoke' | 'introspect', string>>
  readonly grants: readonly Grant[]
  readonly clientAuthMethods: readonly ClientAuthMethod[]
  /** Methods of the token endpoint, which may have more than the others. */
  readonly tokenAuthMethods: readonly ClientAuthMethod[]
  readonly responseTypes: readonly ResponseTypeName[]
  readonly responseModes: readonly ResponseModeName[]
  readonly scopes: readonly string[]
}

/** RFC 8414 §2, with RFC 9207 §3. */
export function metadataFrom(source: MetadataSource): Record<string, unknown> {
  const methods = source.clientAuthMethods.map(({ name }) => name)
  const implicit = source.responseTypes.includes('token') ? ['implicit'] : []
  return {
    issuer: source.issuer,
    authorization_endpoint: source.endpoints.authorize,
    token_endpoint: source.endpoints.token,
    revocation_endpoint: source.endpoints.revoke,
    introspection_endpoint: source.endpoints.introspect,
    scopes_supported: source.scopes,
    response_types_supported: source.responseTypes,
    response_modes_supported: source.responseModes,
    grant_types_supported: [...source.grants.map(({ type }) => type), ...implicit],
    token_endpoint_auth_methods_supported: source.tokenAuthMethods.map(({ name }) => name),
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods.filter((name) => name !== 'none'),
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  }
}
