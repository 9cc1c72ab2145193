import type { AuthorizationCode, CodeChallengeMethod } from '../core/model/code.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import { jsonIn, secondsIn } from './column.ts'
import type { CodeRow } from './host-codes.ts'

/** A code as a row of the host. Members without a column of their own are in `details`, so that none is lost. */
export function codeRowOf(given: AuthorizationCode): CodeRow {
  const { digest, clientId, userId, redirectUri, scope, codeChallenge, codeChallengeMethod, ...others } = given
  const { authTime, issuedAt, expiresAt, spentAt, authorizationId, ...details } = others
  return {
    code: digest,
    client_id: clientId,
    user_id: userId,
    redirect_uri: redirectUri,
    scope: scope.join(' '),
    code_challenge: codeChallenge ?? null,
    code_challenge_method: codeChallengeMethod ?? null,
    auth_time: authTime,
    issued_at: issuedAt,
    expires_at: expiresAt,
    spent_at: spentAt ?? null,
    authorization_id: authorizationId,
    details: JSON.stringify(details),
  }
}

type Details = Omit<
  AuthorizationCode,
  'digest' | 'clientId' | 'userId' | 'redirectUri' | 'scope' | 'authTime' | 'issuedAt' | 'expiresAt' | 'authorizationId'
>

/** The code of a row. @throws TypeError for a time that cannot be read */
export const codeFrom = (row: CodeRow): AuthorizationCode => ({
  ...(jsonIn(row.details) as Details),
  digest: row.code as TokenDigest,
  clientId: row.client_id,
  userId: String(row.user_id),
  redirectUri: row.redirect_uri,
  scope: row.scope.split(' ').filter(Boolean),
  authTime: secondsIn('auth_time', row.auth_time),
  issuedAt: secondsIn('issued_at', row.issued_at),
  expiresAt: secondsIn('expires_at', row.expires_at),
  authorizationId: row.authorization_id,
  ...(row.code_challenge != null && { codeChallenge: row.code_challenge }),
  ...(row.code_challenge_method != null && { codeChallengeMethod: row.code_challenge_method as CodeChallengeMethod }),
  ...(row.spent_at != null && { spentAt: secondsIn('spent_at', row.spent_at) }),
})
