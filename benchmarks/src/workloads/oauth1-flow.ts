import type { Connection } from '../load/connection.ts'
import { basicAuthorization } from '../load/http-request.ts'
import type { Target } from '../load/target.ts'
import { type CredentialPair, readCredentials } from './credentials-answer.ts'
import { OAuth1Client } from './oauth1-client.ts'
import { Browser } from './sign-in.ts'
import { wrongAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one three-legged flow: initiate, allowed by a person who is signed in, token (RFC 5849 §2). */
export const oauth1Flow: Workload = async (connection, target) => {
  const client = new OAuth1Client(connection, target)
  const browser = new Browser(connection, target)
  let previous = await firstFlow(client, browser)
  await mustWork(connection, client, target, previous)
  return async () => {
    const pair = await client.threeLegs(browser)
    if (pair.token === previous.token) throw new Error('the same token credential twice')
    previous = pair
  }
}

/** A flow in which everything is tried that must not succeed. */
async function firstFlow(client: OAuth1Client, browser: Browser): Promise<CredentialPair> {
  const temporary = await client.initiate()
  const verifier = await client.askOwner(browser, temporary)
  const guessed = await client.tryExchange(temporary, `${verifier}x`)
  if (guessed.status < 400) throw wrongAnswer('exchange with a wrong verifier', guessed)
  const pair = readCredentials(await client.tryExchange(temporary, verifier), 'token')
  const again = await client.tryExchange(temporary, verifier)
  if (again.status < 400) throw wrongAnswer('second exchange', again)
  return pair
}

/** Asks where the server answers that: at a resource, or at the verification endpoint of a server that has none. */
async function mustWork(
  connection: Connection,
  client: OAuth1Client,
  target: Target,
  pair: CredentialPair,
): Promise<void> {
  const path = target.paths.protected
  const authorization = client.sign('GET', path, { pair })
  const { verify } = target.oauth1
  if (verify === undefined) {
    const served = await client.get(path, authorization)
    if (served.status !== 200) throw wrongAnswer('resource with the new token', served)
    return
  }
  const response = await connection.send({
    method: 'POST',
    path: verify,
    headers: { Authorization: basicAuthorization(target.client.id, target.client.secret) },
    form: { method: 'GET', url: `http://127.0.0.1:${target.port}${path}`, authorization },
  })
  if (response.status !== 200 || JSON.parse(response.body).active !== true)
    throw wrongAnswer('verification of the new token', response)
}
