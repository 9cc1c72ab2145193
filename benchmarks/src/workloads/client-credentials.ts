import { basicAuthorization, formatRequest } from '../load/http-request.ts'
import type { Target } from '../load/target.ts'
import { readTokenAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** The text of a client credentials request (RFC 6749 §4.4.2). */
export function clientCredentialsRequest(target: Target): string {
  return formatRequest(target.port, {
    method: 'POST',
    path: target.paths.token,
    headers: { Authorization: basicAuthorization(target.client.id, target.client.secret) },
    form: { grant_type: 'client_credentials', scope: target.scope },
  })
}

/** Every unit is one new access token by client credentials. */
export const clientCredentials: Workload = async (connection, target) => {
  const request = clientCredentialsRequest(target)
  let previous = ''
  return async () => {
    const { accessToken } = readTokenAnswer(await connection.sendText(request))
    if (accessToken === previous) throw new Error('the same access token twice')
    previous = accessToken
  }
}
