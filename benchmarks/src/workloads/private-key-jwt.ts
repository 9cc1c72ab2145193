import { createPrivateKey, randomBytes } from 'node:crypto'
import { newClientKey } from '../load/client-key.ts'
import type { HttpRequest } from '../load/http-request.ts'
import { seconds, signEs256 } from '../load/signed-jwt.ts'
import { SignedPool } from '../load/signed-pool.ts'
import { ACTORS, type Target } from '../load/target.ts'
import { mustRefuse, readTokenAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

const LIFETIME = 600

/** Every unit is one opaque access token for a client that proves itself by a JWT it has signed (RFC 7523 §2.2), ES256. */
export const privateKeyJwt: Workload = async (connection, target) => {
  const { signingKey } = target
  if (signingKey === undefined) throw new Error('the server knows no client that signs')
  const pool = new SignedPool(assertions(target, signingKey))
  const ask = (assertion: string) => connection.send(tokenRequest(target, assertion))
  const strange = assertions(target, newClientKey().privateJwk)()
  mustRefuse('an assertion signed by another key', await ask(strange))
  const once = pool.take()
  let previous = readTokenAnswer(await ask(once)).accessToken
  mustRefuse('a used assertion', await ask(once))
  const step = async () => {
    const { accessToken } = readTokenAnswer(await ask(pool.take()))
    if (accessToken === previous) throw new Error('the same access token twice')
    previous = accessToken
  }
  return Object.assign(step, { beforeRound: () => pool.fill() })
}

function assertions(target: Target, privateJwk: NonNullable<Target['signingKey']>): () => string {
  const key = createPrivateKey({ key: privateJwk, format: 'jwk' })
  const client = ACTORS.signingClient
  const aud = `http://127.0.0.1:${target.port}`
  return () => {
    const [iat, jti] = [seconds(), randomBytes(16).toString('base64url')]
    const claims = { iss: client, sub: client, aud, jti, iat, exp: iat + LIFETIME }
    return signEs256({ typ: 'JWT', kid: 'client-key' }, claims, key)
  }
}

function tokenRequest({ paths, scope }: Target, client_assertion: string): HttpRequest {
  const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  const form = { grant_type: 'client_credentials', scope, client_assertion_type, client_assertion }
  return { method: 'POST', path: paths.token, form }
}
