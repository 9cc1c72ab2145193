import type { JwtClaims } from '../../../core/crypto/jose/jwt-policy.ts'
import type { Client } from '../../../core/model/client.ts'

/** What a JWT asks for, once everything else about it has been found right. */
export interface AssertedPermission {
  /** Who asks; proved by its own authentication or by the assertion. */
  readonly client: Client
  /** Whose things it is about. */
  readonly userId: string
  /** What would be granted. */
  readonly scope: readonly string[]
  /** What the JWT says. */
  readonly claims: JwtClaims
}

/** How JWTs are taken as grants (RFC 7523 §2.1). */
export interface JwtBearerOptions {
  /** Clients may sign for themselves, with their registered keys, in place of any other authentication. Default true. */
  readonly ownAssertions?: boolean
  /** Assertions must have a `jti`. One that has, counts once; one without counts until it expires. Default true. */
  readonly requireId?: boolean
  /**
   * Whether the user has allowed this. Default: what a trusted issuer says is enough; what a client says for a user needs
   * the remembered consent of that user, or a first-party client.
   */
  hasGrantedPermission?(permission: AssertedPermission): boolean | Promise<boolean>
}
