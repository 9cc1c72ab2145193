import { basicAuthorization, formatRequest } from '../load/http-request.ts'
import { ACTORS, type JwtAlgorithm, type JwtKeeping } from '../load/target.ts'
import { JwtAccessTokenCheck } from './jwt-access-token-check.ts'
import { readTokenAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one access token that is a JWT (RFC 9068), by client credentials, for a resource that takes them. */
export function jwtAccessTokens(keeping: JwtKeeping, algorithm: JwtAlgorithm): Workload {
  return async (connection, target) => {
    const resource = ACTORS.resources[keeping][algorithm]
    const request = formatRequest(target.port, {
      method: 'POST',
      path: target.paths.token,
      headers: { Authorization: basicAuthorization(target.client.id, target.client.secret) },
      form: { grant_type: 'client_credentials', scope: target.scope, resource },
    })
    const next = async () => readTokenAnswer(await connection.sendText(request)).accessToken
    // Only now is it certain that the server has published a key.
    const first = await next()
    const keySet = await connection.send({ method: 'GET', path: target.paths.jwks })
    const check = new JwtAccessTokenCheck(keySet, { algorithm, audience: resource, target })
    check.mustBeSigned(first)
    return async () => check.take(await next())
  }
}
