import { randomBytes } from 'node:crypto'
import type { HttpResponse } from '../load/http-response.ts'
import { OAuth1Client } from './oauth1-client.ts'
import { Browser } from './sign-in.ts'
import { wrongAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one signed request, HMAC-SHA1 and a new nonce, to a resource that needs a token credential. */
export const oauth1Request: Workload = async (connection, target) => {
  const client = new OAuth1Client(connection, target)
  const pair = await client.threeLegs(new Browser(connection, target))
  const path = `${target.paths.protected}?size=original&file=holiday%20in%20June.jpg`
  const mustBeServed = (response: HttpResponse): void => {
    if (response.status !== 200 || !response.body.includes(target.protectedText))
      throw wrongAnswer('signed resource', response)
  }
  // A resource that takes any signature, or one nonce twice, would be measured as very fast.
  const nonce = randomBytes(12).toString('base64url')
  const wrong = await client.get(path, client.sign('GET', path, { pair: { ...pair, secret: 'wrong' }, nonce }))
  if (wrong.status !== 401) throw wrongAnswer('resource with a wrong signature', wrong)
  const once = client.sign('GET', path, { pair, nonce })
  mustBeServed(await client.get(path, once))
  const replayed = await client.get(path, once)
  if (replayed.status !== 401) throw wrongAnswer('resource with a used nonce', replayed)
  return async () => mustBeServed(await client.get(path, client.sign('GET', path, { pair })))
}
