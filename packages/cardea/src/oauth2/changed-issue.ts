import type { TokenIssue, TokenIssueChange } from '../core/ports/hooks.ts'
import { covers } from '../core/rules/scope.ts'
import { claimsMustBeFree } from '../core/tokens/jwt-access-token.ts'
import { membersMustBeFree } from './response-members.ts'

function narrower(issue: TokenIssue, scope: TokenIssueChange['scope']): readonly string[] {
  if (scope === undefined) return issue.scope
  if (!Array.isArray(scope) || !covers(issue.scope, scope)) {
    throw new TypeError('hooks.beforeIssueToken: scope must be a list of names out of the scope that is granted')
  }
  return issue.scope.filter((name) => scope.includes(name))
}

function shorter(issue: TokenIssue, lifetime: number | undefined): number {
  if (lifetime === undefined) return issue.lifetime
  const isShorter = issue.lifetime === 0 || lifetime <= issue.lifetime
  if (Number.isInteger(lifetime) && lifetime >= 1 && isShorter) return lifetime
  throw new TypeError(
    `hooks.beforeIssueToken: lifetime must be whole seconds from 1 to ${issue.lifetime || 'any'}, got ${lifetime}`,
  )
}

function claimsOf(
  before: TokenIssueChange | undefined,
  { jwtClaims }: TokenIssueChange,
): Pick<TokenIssueChange, 'jwtClaims'> {
  if (jwtClaims !== undefined) claimsMustBeFree('hooks.beforeIssueToken', jwtClaims)
  return (before?.jwtClaims ?? jwtClaims) === undefined ? {} : { jwtClaims: { ...before?.jwtClaims, ...jwtClaims } }
}

/**
 * What has been changed so far, with what one more hook wants.
 * @throws TypeError for what would give more than was granted
 */
export function changedIssue(
  issue: TokenIssue,
  before: TokenIssueChange | undefined,
  wanted: TokenIssueChange,
): TokenIssueChange {
  if (wanted.members !== undefined) membersMustBeFree('hooks.beforeIssueToken', wanted.members)
  return {
    scope: narrower(issue, wanted.scope),
    lifetime: shorter(issue, wanted.lifetime),
    ...claimsOf(before, wanted),
    ...((before?.members ?? wanted.members) !== undefined && { members: { ...before?.members, ...wanted.members } }),
  }
}
