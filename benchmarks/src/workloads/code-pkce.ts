import { hash, randomBytes } from 'node:crypto'
import type { Connection } from '../load/connection.ts'
import { basicAuthorization } from '../load/http-request.ts'
import { type HttpResponse, headerOf } from '../load/http-response.ts'
import type { Target } from '../load/target.ts'
import { authorizeThroughPages, Browser } from './sign-in.ts'
import { readTokenAnswer, type TokenAnswer, wrongAnswer } from './token-answer.ts'
import type { Workload } from './workload.ts'

/** Every unit is one authorization request with PKCE (session present, consent given) and one code redemption. */
export const codePkce: Workload = async (connection, target) => {
  const browser = new Browser(connection, target)
  await firstCodeFlow(connection, browser, target)
  return async () => {
    const proof = newProof()
    await redeem(connection, target, await browser.get(proof.path(target)), proof)
  }
}

/** A whole code flow in which the resource owner signs in and consents where the server asks. */
export async function firstCodeFlow(connection: Connection, browser: Browser, target: Target): Promise<TokenAnswer> {
  const proof = newProof()
  const redirect = await authorizeThroughPages(browser, proof.path(target), target)
  return redeem(connection, target, redirect, proof)
}

/** What of an authorization request only its client knows. */
export interface Proof {
  readonly state: string
  readonly verifier: string
  path(target: Target): string
}

export function newProof(): Proof {
  const verifier = randomBytes(32).toString('base64url')
  const proof = { state: verifier.slice(0, 12), verifier }
  const path = (target: Target) =>
    `${target.paths.authorize}?${new URLSearchParams(authorizationParameters(target, proof))}`
  return { ...proof, path }
}

/** The authorization request with PKCE (RFC 6749 §4.1.1, RFC 7636 §4.3). */
export function authorizationParameters(target: Target, { state, verifier }: Pick<Proof, 'state' | 'verifier'>) {
  return {
    response_type: 'code',
    client_id: target.client.id,
    redirect_uri: target.redirectUri,
    scope: target.scope,
    state,
    code_challenge: hash('sha256', verifier, 'base64url'),
    code_challenge_method: 'S256',
  }
}

/** Redeems the code that a redirect carries. Throws for one without, or with the wrong state. */
export async function redeem(
  connection: Connection,
  target: Target,
  redirect: HttpResponse,
  proof: Proof,
): Promise<TokenAnswer> {
  const location = headerOf(redirect, 'location')
  if (!location?.startsWith(target.redirectUri)) throw wrongAnswer('authorization endpoint', redirect)
  const parameters = new URL(location).searchParams
  const code = parameters.get('code')
  if (code === null || parameters.get('state') !== proof.state)
    throw new Error(`redirect without code and state: ${location}`)
  const response = await connection.send({
    method: 'POST',
    path: target.paths.token,
    headers: { Authorization: basicAuthorization(target.client.id, target.client.secret) },
    form: { grant_type: 'authorization_code', code, redirect_uri: target.redirectUri, code_verifier: proof.verifier },
  })
  return readTokenAnswer(response)
}
