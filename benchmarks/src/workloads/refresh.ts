import { basicAuthorization } from '../load/http-request.ts'
import { firstCodeFlow } from './code-pkce.ts'
import { Browser } from './sign-in.ts'
import { readTokenAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one rotation: the newest refresh token buys an access token and its successor (RFC 6749 §6). */
export const refresh: Workload = async (connection, target) => {
  const first = await firstCodeFlow(connection, new Browser(connection, target), target)
  if (first.refreshToken === undefined) throw new Error('the code flow gave no refresh token')
  let newest = first.refreshToken
  return async () => {
    const response = await connection.send({
      method: 'POST',
      path: target.paths.token,
      headers: { Authorization: basicAuthorization(target.client.id, target.client.secret) },
      form: { grant_type: 'refresh_token', refresh_token: newest },
    })
    const { refreshToken } = readTokenAnswer(response)
    if (refreshToken === undefined || refreshToken === newest) throw new Error('the refresh token was not rotated')
    newest = refreshToken
  }
}
