import type { JwtClaims } from '../core/crypto/jose/jwt-policy.ts'
import type { Client } from '../core/model/client.ts'
import type { AccessToken, RefreshToken } from '../core/model/token.ts'
import type { Engine } from '../core/ports/engine.ts'
import { factClaims } from '../core/tokens/fact-claims.ts'
import { activeAccessToken, activeRefreshToken } from '../core/tokens/lookup.ts'
import { tokenTypeOf } from '../core/tokens/token-type.ts'
import { required } from '../http/params.ts'
import { json } from '../http/response.ts'
import type { KeySetAt } from './encrypted-for.ts'
import type { Endpoint } from './endpoint.ts'
import {
  signedIntrospection,
  signedIntrospectionMetadata,
  unauthenticatedIntrospection,
} from './signed-introspection.ts'

/** RFC 7662 §2.2: nothing but this about a token that is not active, or that the caller may not ask about. */
const inactive = { active: false } as const

async function usernameOf(engine: Engine, userId: string): Promise<string | undefined> {
  return (await engine.accounts.find(userId))?.username
}

async function describe(engine: Engine, token: AccessToken | RefreshToken, isAccess: boolean, said: JwtClaims = {}) {
  const username = token.userId === undefined ? undefined : await usernameOf(engine, token.userId)
  const { sub: _, ...claims } = said
  const subject = token.userId ?? token.facts?.subject
  return {
    ...claims,
    active: true,
    // RFC 6749 §3.3: nothing is no scope-token.
    ...(token.scope.length > 0 && { scope: token.scope.join(' ') }),
    client_id: token.clientId,
    ...(username !== undefined && { username }),
    ...(isAccess && { token_type: tokenTypeOf(token) }),
    ...(token.expiresAt !== undefined && { exp: token.expiresAt }),
    iat: token.issuedAt,
    // A machine's own token has no subject: an id that is both a client's and a user's could be taken for the user's.
    ...(subject !== undefined && { sub: subject }),
    iss: engine.settings.issuer,
    ...factClaims(token.facts),
  }
}

/** A client learns of its own tokens; a resource server that the operator marked, of all. */
const mayIntrospect = (caller: Client, token: AccessToken | RefreshToken): boolean =>
  caller.introspect_any === true || token.clientId === caller.client_id

async function introspect(engine: Engine, caller: Client, presented: string): Promise<object> {
  const access = await activeAccessToken(engine, presented)
  if (access !== undefined)
    return mayIntrospect(caller, access.token) ? describe(engine, access.token, true, access.claims) : inactive
  const refresh = await activeRefreshToken(engine, presented)
  return refresh !== undefined && mayIntrospect(caller, refresh.token)
    ? describe(engine, refresh.token, false)
    : inactive
}

/** RFC 7662. `token_type_hint` is not needed to find a token, so a wrong or unknown one cannot hide it. */
export const introspection = ({ settings }: Engine, keySetAt: KeySetAt): Endpoint => ({
  name: 'introspection',
  // RFC 7662 §2.1: the endpoint must not answer whoever merely knows a client id.
  clientAuthentication: 'confidential',
  methods: {
    POST: async ({ engine, client, params }) =>
      json(200, await introspect(engine, client as Client, required(params, 'token'))),
  },
  unauthenticated: unauthenticatedIntrospection,
  finish: (asked, response) => signedIntrospection(asked, response, keySetAt),
  metadata: () => signedIntrospectionMetadata(settings),
})
