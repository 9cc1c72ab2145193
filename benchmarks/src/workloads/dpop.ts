import { SignedPool } from '../load/signed-pool.ts'
import { DpopClient, readBoundToken } from './dpop-client.ts'
import type { Workload } from './workload.ts'

/** Every unit is one opaque access token, by Basic authentication, bound to the key of a new proof (RFC 9449 §5), ES256. */
export const dpop: Workload = async (connection, target) => {
  const client = new DpopClient(connection, target)
  let previous = await client.firstToken()
  const pool = new SignedPool(() => client.proof('POST', target.paths.token))
  const step = async () => {
    const token = readBoundToken(await client.ask(pool.take()))
    if (token === previous) throw new Error('the same access token twice')
    previous = token
  }
  return Object.assign(step, { beforeRound: () => pool.fill() })
}
