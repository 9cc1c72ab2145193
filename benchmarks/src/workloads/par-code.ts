import type { Connection } from '../load/connection.ts'
import { basicAuthorization } from '../load/http-request.ts'
import { headerOf } from '../load/http-response.ts'
import type { Target } from '../load/target.ts'
import { authorizationParameters, firstCodeFlow, newProof, type Proof, redeem } from './code-pkce.ts'
import { Browser } from './sign-in.ts'
import { wrongAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one authorization request that is pushed (RFC 9126), authorized and answered, and the redemption of its code. */
export const parCode: Workload = async (connection, target) => {
  const browser = new Browser(connection, target)
  await firstCodeFlow(connection, browser, target)
  const authorize = async (proof: Proof) => {
    const path = authorizationPath(target, await push(connection, target, proof))
    return { path, redirect: await browser.get(path) }
  }
  const first = newProof()
  const { path, redirect } = await authorize(first)
  await redeem(connection, target, redirect, first)
  const again = await browser.get(path)
  if (headerOf(again, 'location')?.includes('code=')) throw wrongAnswer('a pushed request that was used', again)
  return async () => {
    const proof = newProof()
    await redeem(connection, target, (await authorize(proof)).redirect, proof)
  }
}

/** The reference to a pushed request (RFC 9126 §2.2). */
async function push(connection: Connection, target: Target, proof: Proof): Promise<string> {
  const response = await connection.send({
    method: 'POST',
    path: target.paths.push,
    headers: { Authorization: basicAuthorization(target.client.id, target.client.secret) },
    form: authorizationParameters(target, proof),
  })
  const reference: unknown = response.status === 201 ? JSON.parse(response.body).request_uri : undefined
  if (typeof reference !== 'string') throw wrongAnswer('pushed authorization request', response)
  return reference
}

function authorizationPath({ client, paths }: Target, request_uri: string): string {
  return `${paths.authorize}?${new URLSearchParams({ client_id: client.id, request_uri })}`
}
