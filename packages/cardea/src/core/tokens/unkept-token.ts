import type { JwtClaims } from '../crypto/jose/jwt-policy.ts'
import { randomText } from '../crypto/random.ts'
import { longestSigned } from '../keys/key-times.ts'
import type { Resource } from '../model/resource.ts'
import type { AccessToken } from '../model/token.ts'
import type { Engine } from '../ports/engine.ts'
import { factsIn } from './fact-claims.ts'
import { agrees, type PresentedJwt } from './jwt-access-token.ts'
import { describedResource } from './token-rules.ts'

/** No `jti` of a token with a row has a dot: one whose row is gone must not pass for one that never had any. */
const form = /^unkept\.(\d{1,15})\.[A-Za-z0-9_-]{22}$/

/** `jti` of a token that has no row: opaque, of 128 bits, behind the generation it belongs to. */
export const newUnkeptId = (generation: number): string => `unkept.${generation}.${randomText(16)}`

/** Undefined for a token that has a row. */
export const generationIn = ({ jti }: JwtClaims): number | undefined => {
  const found = form.exec(jti ?? '')
  return found === null ? undefined : Number(found[1])
}

/** What the record of such a token would be. */
function recordIn({ claims, digest }: PresentedJwt): AccessToken {
  const { client_id: clientId, exp, iat, scope, sub } = claims
  const facts = factsIn(claims)
  return {
    digest,
    clientId: clientId as string,
    scope: typeof scope === 'string' && scope !== '' ? scope.split(' ') : [],
    issuedAt: iat as number,
    expiresAt: exp as number,
    facts: sub === clientId ? facts : { ...facts, subject: sub as string },
  }
}

/** Whether tokens for all of these have no row. */
const haveNoRow = (known: readonly Resource[], identifiers: readonly string[]): boolean =>
  identifiers.every((identifier) => describedResource(known, identifier).keeps_tokens === false)

/** The record that it would have, where it says what this server writes, no more and no less. */
export function writtenHere(engine: Pick<Engine, 'settings'>, jwt: PresentedJwt): AccessToken | undefined {
  const token = recordIn(jwt)
  const { expiresAt = 0, facts: { resources = [] } = {}, issuedAt } = token
  const isOurs = agrees(engine, token, jwt.claims) && new Set(resources).size === resources.length
  return isOurs && expiresAt - issuedAt <= longestSigned ? token : undefined
}

/**
 * The record of a token that has none, if that has not ended and is what this server writes, no more and no less. Whether
 * its client stands is for the caller to see.
 */
export async function unkeptToken(engine: Engine, jwt: PresentedJwt): Promise<AccessToken | undefined> {
  const { claims, digest } = jwt
  const token = writtenHere(engine, jwt)
  if (token === undefined) return undefined
  const { clientId, facts: { resources = [] } = {} } = token
  if (!haveNoRow(await engine.resources.all(), resources)) return undefined
  const { unkeptTokens } = engine.store
  if ((generationIn(claims) ?? -1) < (await unkeptTokens.generation(clientId))) return undefined
  return (await unkeptTokens.isRevoked(digest)) ? undefined : token
}
