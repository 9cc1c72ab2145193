import { isSameResource } from '../core/rules/resource.ts'
import { ProtocolError } from '../core/spec/errors.ts'
import type { HttpRequest } from '../http/request.ts'
import { type IntrospectionOptions, introspectionValidator } from '../oauth2/protection/introspected-token.ts'
import { type JwtAccessTokenOptions, jwtValidator } from '../oauth2/protection/jwt-access-token.ts'
import { localTokens } from '../oauth2/protection/local-token.ts'
import type { TokenFacts } from '../oauth2/protection/token-info.ts'
import type { TokenValidator } from '../oauth2/protection/token-validator.ts'
import type { Provider } from '../provider.ts'

/** What the SDK's `requireBearerAuth` hands to tools as `authInfo`. */
export interface McpAuthInfo {
  /** The access token. */
  token: string
  /** `client_id` of whom it was issued to. */
  clientId: string
  /** What it is good for. */
  scopes: string[]
  /** Epoch seconds. Absent: the token does not expire, which the SDK refuses. */
  expiresAt?: number
  /** The MCP server it is for. */
  resource: URL
  /** `userId`, where a person allowed it, and `claims`. */
  extra: Record<string, unknown>
}

/** Shaped like the SDK's `OAuthTokenVerifier`, whichever version. */
export interface McpTokenVerifier {
  /** Rejects with what `invalidToken` makes. */
  verifyAccessToken(token: string): Promise<McpAuthInfo>
}

/** Whose tokens an MCP server takes: exactly one of `provider`, `jwt` and `introspection`. */
export interface McpTokenVerifierOptions {
  /** The address at which clients reach the MCP server: tokens for others are refused. */
  readonly resource: string
  /**
   * The SDK's error for a token that does not hold, which it answers with a 401: for example
   * `(message) => new OAuthError(OAuthErrorCode.InvalidToken, message)`. Other errors are failures of the server.
   */
  invalidToken(message: string): Error
  /** The authorization server in this process. */
  readonly provider?: Pick<Provider, 'engine'>
  /** JWTs of an authorization server elsewhere; `audience` is `resource` unless it says another. */
  readonly jwt?: Omit<JwtAccessTokenOptions, 'audience'> & Partial<Pick<JwtAccessTokenOptions, 'audience'>>
  /** Asks an authorization server elsewhere about each token; `audience` is `resource` unless it says another. */
  readonly introspection?: IntrospectionOptions
}

function validatorOf({ introspection, jwt, provider, resource }: McpTokenVerifierOptions): TokenValidator {
  const named = [provider, jwt, introspection].filter((given) => given !== undefined)
  if (named.length !== 1) throw new TypeError('mcpTokenVerifier: needs one of provider, jwt and introspection')
  if (provider !== undefined) return localTokens(provider.engine)
  if (jwt !== undefined) return jwtValidator({ audience: resource, ...jwt })
  return introspectionValidator({ audience: resource, ...(introspection as IntrospectionOptions) })
}

/** The SDK hands over the token only. Validators of Bearer tokens look at nothing else. */
const bare: HttpRequest = {
  method: 'POST',
  target: '/',
  path: '/',
  query: '',
  header: () => undefined,
  text: async () => '',
  secure: undefined,
  remoteAddress: undefined,
}

/** RFC 6750 §2.1: nothing else is a token, and nobody need be asked about it. */
const token68 = /^[A-Za-z0-9._~+/-]+=*$/

const audiences = ({ claims }: TokenFacts): readonly unknown[] => [claims?.aud ?? []].flat()

function mustBeFor(facts: TokenFacts | undefined, known: readonly string[]): string | undefined {
  if (facts === undefined) return 'The access token is not known'
  const isFor = audiences(facts).some(
    (one) => typeof one === 'string' && known.some((name) => isSameResource(name, one)),
  )
  if (!isFor) return 'The access token is for another resource'
  // The proof is in headers that the SDK does not hand over (RFC 9449 §7.2).
  return facts.claims?.cnf === undefined ? undefined : 'The access token is bound to a key'
}

/**
 * Verifies access tokens for the MCP SDK's `requireBearerAuth`.
 * @throws TypeError that names the option and what is valid
 */
export function mcpTokenVerifier(options: McpTokenVerifierOptions): McpTokenVerifier {
  const { invalidToken, resource } = options
  if (typeof resource !== 'string' || !URL.canParse(resource))
    throw new TypeError('mcpTokenVerifier: resource must be the address of the MCP server')
  if (typeof invalidToken !== 'function')
    throw new TypeError("mcpTokenVerifier: invalidToken must make the SDK's error")
  const validator = validatorOf(options)
  const known = [resource, [options.jwt?.audience ?? options.introspection?.audience ?? []].flat()].flat()
  const factsOf = async (token: string): Promise<TokenFacts | undefined> => {
    if (!token68.test(token)) return undefined
    try {
      return await validator.validate(token, bare)
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'invalid_token') return undefined
      throw error
    }
  }
  return {
    async verifyAccessToken(token) {
      const facts = await factsOf(token)
      const problem = mustBeFor(facts, known)
      if (facts === undefined || problem !== undefined) throw invalidToken(problem ?? '')
      const { claims, clientId, expiresAt, scope, userId } = facts
      return {
        token,
        clientId,
        scopes: [...scope],
        ...(expiresAt !== undefined && { expiresAt }),
        resource: new URL(resource),
        extra: { ...(userId !== undefined && { userId }), ...(claims !== undefined && { claims }) },
      }
    },
  }
}
