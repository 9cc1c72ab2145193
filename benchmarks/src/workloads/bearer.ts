import { formatRequest } from '../load/http-request.ts'
import { clientCredentialsRequest } from './client-credentials.ts'
import { readTokenAnswer, wrongAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one request to a resource that needs an access token (RFC 6750 §2.1). */
export const bearer: Workload = async (connection, target) => {
  const { accessToken } = readTokenAnswer(await connection.sendText(clientCredentialsRequest(target)))
  const path = target.paths.protected
  const request = formatRequest(target.port, {
    method: 'GET',
    path,
    headers: { Authorization: `Bearer ${accessToken}` },
  })
  // A resource that answers everybody would be measured as very fast.
  const stranger = await connection.send({ method: 'GET', path, headers: { Authorization: 'Bearer not-a-token' } })
  if (stranger.status !== 401) throw wrongAnswer('resource without a good token', stranger)
  return async () => {
    const response = await connection.sendText(request)
    if (response.status !== 200 || !response.body.includes(target.protectedText))
      throw wrongAnswer('resource', response)
  }
}
