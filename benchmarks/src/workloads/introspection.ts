import { basicAuthorization, formatRequest } from '../load/http-request.ts'
import { clientCredentialsRequest } from './client-credentials.ts'
import { readTokenAnswer, wrongAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one introspection of an active opaque access token (RFC 7662 §2.1). */
export const introspection: Workload = async (connection, target) => {
  const { accessToken } = readTokenAnswer(await connection.sendText(clientCredentialsRequest(target)))
  const request = formatRequest(target.port, {
    method: 'POST',
    path: target.paths.introspect,
    headers: { Authorization: basicAuthorization(target.client.id, target.client.secret) },
    form: { token: accessToken },
  })
  return async () => {
    const response = await connection.sendText(request)
    if (response.status !== 200) throw wrongAnswer('introspection', response)
    const answer: Record<string, unknown> = JSON.parse(response.body)
    if (answer.active !== true || answer.client_id !== target.client.id) throw wrongAnswer('introspection', response)
  }
}
