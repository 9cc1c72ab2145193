import type { Engine } from '../ports/engine.ts'
import type { TokenIssueChange } from '../ports/hooks.ts'
import type { Issuance } from './issue.ts'
import type { AccessTokenRules } from './token-rules.ts'

interface About {
  /** Seconds. */
  readonly lifetime: number
  readonly originalGrantType: string | undefined
  readonly rules: AccessTokenRules | undefined
}

/** What the host's hooks make of it; nothing is awaited where there are none. */
export function changeFor(
  { beforeIssueToken }: Engine,
  issuance: Issuance,
  { lifetime, originalGrantType, rules }: About,
): Promise<TokenIssueChange | undefined> | undefined {
  if (beforeIssueToken === undefined) return undefined
  const { client, grantType, refresh, userId } = issuance
  const { facts, scope } = issuance.access ?? issuance
  return beforeIssueToken({
    grantType,
    client,
    scope,
    lifetime,
    refresh,
    format: rules?.format ?? 'opaque',
    ...(originalGrantType !== undefined && { originalGrantType }),
    ...(userId !== undefined && { userId }),
    ...(facts?.resources !== undefined && { resources: facts.resources }),
  })
}

/** What a hook takes from the access token, it takes from a new authorization too. */
export function changed(issuance: Issuance, change: TokenIssueChange | undefined): Issuance {
  const left = change?.scope
  if (left === undefined) return issuance
  const { access } = issuance
  if (access === undefined) return { ...issuance, scope: left }
  const isTaken = (name: string): boolean => access.scope.includes(name) && !left.includes(name)
  return {
    ...issuance,
    scope: issuance.scope.filter((name) => !isTaken(name)),
    access: { ...access, scope: left },
  }
}
