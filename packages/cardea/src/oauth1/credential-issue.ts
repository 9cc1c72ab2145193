import type { TokenIssue } from '../core/ports/hooks.ts'
import { membersMustBeOwn } from './answers.ts'
import type { OAuth1Context } from './context.ts'

/** How a token credential will be. */
export interface CredentialIssue {
  readonly scope: readonly string[]
  /** Seconds; 0: it does not expire. */
  readonly lifetime: number
  /** Of the answer, besides its own. */
  readonly members: Readonly<Record<string, string>>
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/**
 * What the host's hooks leave of a token credential (RFC 5849 §2.3), which they are told of as of every other token.
 * @throws TypeError for members that the answer cannot have, and whatever a hook refuses with
 */
export async function credentialIssue(
  { engine, settings }: Pick<OAuth1Context, 'engine' | 'settings'>,
  about: Required<Pick<TokenIssue, 'client' | 'userId' | 'scope'>>,
): Promise<CredentialIssue> {
  const { tokenCredential: lifetime } = settings
  const unchanged = { scope: about.scope, lifetime, members: {} }
  if (engine.beforeIssueToken === undefined) return unchanged
  const issue = { ...about, grantType: 'oauth1', lifetime, refresh: false, format: 'opaque' } as const
  const { scope = about.scope, lifetime: left = lifetime, members = {} } = (await engine.beforeIssueToken(issue)) ?? {}
  // Before anything is spent: what cannot be answered must not cost a client its credential.
  membersMustBeOwn(members)
  const texts = Object.entries(members).map(([name, value]) => [name, textOf(value)])
  return { scope, lifetime: left, members: Object.fromEntries(texts) }
}
