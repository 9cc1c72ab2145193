import type { AccessToken } from '../model/token.ts'

/** Only the engine can set it: a grant can hand on what was issued, and cannot make it up. */
const issued: unique symbol = Symbol('issued by the engine')

/** Tokens as the client gets them, once, with the records that were saved. Made by the engine only. */
export interface IssuedTokens {
  readonly [issued]: true
  /** The token itself, which is kept nowhere. */
  readonly accessToken: string
  /** What is kept of the access token. */
  readonly access: AccessToken
  /** The token itself; absent where none is issued. */
  readonly refreshToken?: string
  /** Members of the answer besides those of RFC 6749 §5.1. */
  readonly members?: Readonly<Record<string, unknown>>
}

export function issuedTokens(
  accessToken: string,
  access: AccessToken,
  refreshToken: string | undefined,
  members: IssuedTokens['members'],
): IssuedTokens {
  const tokens: IssuedTokens =
    refreshToken === undefined
      ? { [issued]: true, accessToken, access }
      : { [issued]: true, accessToken, access, refreshToken }
  return members === undefined ? tokens : { ...tokens, members }
}

export const isIssued = (answer: unknown): answer is IssuedTokens =>
  typeof answer === 'object' && answer !== null && issued in answer
