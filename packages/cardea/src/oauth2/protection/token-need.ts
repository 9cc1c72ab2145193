import { type Clock, systemClock } from '../../core/ports/clock.ts'
import { isResourceIdentifier, isSameResource } from '../../core/rules/resource.ts'
import { isScopeName } from '../../core/rules/scope.ts'
import { insufficientScope, invalidToken } from '../../core/spec/errors.ts'
import { type SignInNeed, signInCheck } from './sign-in-need.ts'
import type { TokenFacts, TokenInfo } from './token-info.ts'

/**
 * Names that a handler needs: those in one string are all needed (`'a b'`), entries of a list are alternatives
 * (`['a', 'b']`). Compared whole: `fo` is not part of `foo`.
 */
export type NameNeed = string | readonly string[]

/** More than scope (RFC 9068 §2.2.3.1). Every member that is there must be met. */
export interface TokenNeed extends SignInNeed {
  /** RFC 8707: what this resource is called; the token must be for it, or for one of several. */
  readonly resource?: string | readonly string[]
  /** Values of its scope. */
  readonly scope?: NameNeed
  /** Groups of the user. */
  readonly groups?: NameNeed
  /** Roles of the user. */
  readonly roles?: NameNeed
  /** Entitlements of the user. */
  readonly entitlements?: NameNeed
}

/** What a handler needs of a token: scope names, more than scope, or undefined for any valid token. */
export type ScopeNeed = NameNeed | TokenNeed | undefined

const memberships = ['groups', 'roles', 'entitlements'] as const
type Membership = (typeof memberships)[number]

type Alternatives = readonly (readonly string[])[]

/** A need that asks for nothing by mistake (an empty list, an empty name) must not let every token in. */
function alternativesOf(need: NameNeed, isName: (name: string) => boolean, what: string): Alternatives {
  const listed = typeof need === 'string' ? [need] : need
  const alternatives = Array.isArray(listed) ? listed.map((names) => String(names).split(' ').filter(Boolean)) : []
  if (alternatives.length > 0 && alternatives.every((names) => names.length > 0 && names.every(isName))) {
    return alternatives
  }
  throw new TypeError(
    `requireOAuth: needs ${what} names such as 'read write', or undefined for any token, got ${JSON.stringify(need)}`,
  )
}

/** A list, whatever a validator of the host says: in text, a name would be found within another. */
const isMet = (alternatives: Alternatives, held: readonly string[]): boolean =>
  Array.isArray(held) && alternatives.some((names) => names.every((name) => held.includes(name)))

/** RFC 9068 §2.2.3.1 takes its values from SCIM, where each may be an object around its `value` (RFC 7643 §2.4). */
export function namesIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.flatMap((entry) => {
    const name = typeof entry === 'object' && entry !== null && 'value' in entry ? entry.value : entry
    return typeof name === 'string' ? [name] : []
  })
}

const needOf = (need: ScopeNeed): TokenNeed =>
  typeof need === 'object' && need !== null && !Array.isArray(need)
    ? (need as TokenNeed)
    : { ...(need !== undefined && { scope: need as NameNeed }) }

/** Names of the resource that is protected; empty: the need does not say. */
export const resourcesIn = (need: ScopeNeed): readonly string[] => [needOf(need).resource ?? []].flat()

/** The part of a need that every kind of token knows. */
export const scopeIn = (need: ScopeNeed): NameNeed | undefined => needOf(need).scope

async function held(token: TokenInfo<unknown>, name: Membership): Promise<readonly string[]> {
  const said = token[name]
  if (said !== undefined) return said
  const user = await token.user
  const members =
    typeof user === 'object' && user !== null ? (user as Partial<Record<Membership, unknown>>)[name] : undefined
  return namesIn(members) ?? []
}

function resourcesOf(resource: string | readonly string[]): readonly string[] {
  const names = typeof resource === 'string' ? [resource] : resource
  if (names.length > 0 && names.every(isResourceIdentifier)) return names
  throw new TypeError(`requireOAuth: resource must be an absolute URI (RFC 8707 §2), got ${JSON.stringify(resource)}`)
}

/** RFC 9068 §4, RFC 8707 §3: a token that says no audience was not given out for this resource either. */
function mustBeFor(resources: readonly string[], { claims }: Pick<TokenFacts, 'claims'>): void {
  const audiences: readonly unknown[] = [claims?.aud].flat()
  const isFor = audiences.some(
    (audience) => typeof audience === 'string' && resources.some((name) => isSameResource(name, audience)),
  )
  if (!isFor) throw invalidToken('wrong_audience', 'The access token is for another resource')
}

/** Throws `ProtocolError` `insufficient_scope` (403) for a token that does not meet the need. */
export type NeedCheck = (token: TokenInfo<unknown>) => void | Promise<void>

/**
 * RFC 6750 §3.1.
 * @throws TypeError at once, for a need that names nothing
 */
export function needCheck(need: ScopeNeed, clock: Clock = systemClock): NeedCheck {
  const { scope, resource, acr, maxAge, ...rest } = needOf(need)
  const mustHaveSignedIn = signInCheck({ acr, maxAge }, clock)
  const resources = resource === undefined ? undefined : resourcesOf(resource)
  const unknown = Object.keys(rest).find((name) => !memberships.includes(name as Membership))
  if (unknown !== undefined) throw new TypeError(`requireOAuth: there is no need called ${JSON.stringify(unknown)}`)
  const alternatives = scope === undefined ? undefined : alternativesOf(scope, isScopeName, 'scope')
  const wanted = alternatives?.map((names) => names.join(' ')).join(' ')
  const needed = memberships.flatMap((name) => {
    const names = rest[name]
    return names === undefined ? [] : [{ name, alternatives: alternativesOf(names, (one) => one !== '', name) }]
  })
  const isEmpty =
    typeof need === 'object' &&
    !Array.isArray(need) &&
    alternatives === undefined &&
    resources === undefined &&
    mustHaveSignedIn === undefined &&
    needed.length === 0
  if (isEmpty) throw new TypeError('requireOAuth: the need is empty; undefined lets any token in')
  const checkMemberships = async (token: TokenInfo<unknown>): Promise<void> => {
    for (const { name, alternatives } of needed) {
      if (isMet(alternatives, await held(token, name))) continue
      throw insufficientScope(`insufficient_${name}`, `The request requires other ${name} than the access token has`)
    }
  }
  return (token) => {
    if (resources !== undefined) mustBeFor(resources, token)
    mustHaveSignedIn?.(token)
    if (alternatives !== undefined && !isMet(alternatives, token.scope)) {
      throw insufficientScope(
        'insufficient_scope',
        'The request requires higher privileges than provided by the access token',
        { scope: wanted as string },
      )
    }
    return needed.length === 0 ? undefined : checkMemberships(token)
  }
}
