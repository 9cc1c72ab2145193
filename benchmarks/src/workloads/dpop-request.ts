import type { HttpResponse } from '../load/http-response.ts'
import { SignedPool } from '../load/signed-pool.ts'
import { DpopClient } from './dpop-client.ts'
import { mustRefuse, wrongAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one request with a bound token and a new proof to a resource that needs both (RFC 9449 §7). */
export const dpopRequest: Workload = async (connection, target) => {
  const client = new DpopClient(connection, target)
  const token = await client.firstToken()
  const path = target.paths.protected
  const get = (proof: string) =>
    connection.send({ method: 'GET', path, headers: { Authorization: `DPoP ${token}`, DPoP: proof } })
  const mustBeServed = (response: HttpResponse): void => {
    if (response.status !== 200 || !response.body.includes(target.protectedText))
      throw wrongAnswer('resource with a proof', response)
  }
  const bare = await connection.send({ method: 'GET', path, headers: { Authorization: `Bearer ${token}` } })
  mustRefuse('a bound token without a proof', bare)
  mustRefuse('a proof for another token', await get(client.proof('GET', path, `${token}x`)))
  const stranger = new DpopClient(connection, target)
  mustRefuse('a proof by another key', await get(stranger.proof('GET', path, token)))
  const once = client.proof('GET', path, token)
  mustBeServed(await get(once))
  mustRefuse('a used proof', await get(once))
  const pool = new SignedPool(() => client.proof('GET', path, token))
  const step = async () => mustBeServed(await get(pool.take()))
  return Object.assign(step, { beforeRound: () => pool.fill() })
}
