import type { HttpResponse } from '../load/http-response.ts'
import { wrongAnswer } from './token-answer.ts'

/** `oauth_token` and its secret: temporary credentials or token credentials. */
export interface CredentialPair {
  readonly token: string
  readonly secret: string
}

const LEAST_CHARACTERS = 16

/** The pair of a good answer (RFC 5849 §2.1, §2.3). Throws on any other answer. */
export function readCredentials(response: HttpResponse, kind: 'temporary' | 'token'): CredentialPair {
  const answer = new URLSearchParams(response.body)
  const token = answer.get('oauth_token') ?? ''
  const secret = answer.get('oauth_token_secret') ?? ''
  const isConfirmed = kind === 'token' || answer.get('oauth_callback_confirmed') === 'true'
  const isPair = token.length >= LEAST_CHARACTERS && secret.length >= LEAST_CHARACTERS
  if (response.status !== 200 || !isPair || !isConfirmed) throw wrongAnswer(`request for ${kind} credentials`, response)
  return { token, secret }
}

/** The verifier of the redirect back to the client (RFC 5849 §2.2). Throws on any other answer. */
export function readVerifier(location: string, callback: string, token: string): string {
  const url = new URL(location)
  const verifier = url.searchParams.get('oauth_verifier')
  if (!location.startsWith(callback) || verifier === null || url.searchParams.get('oauth_token') !== token)
    throw new Error(`redirect without this token and its verifier: ${location}`)
  return verifier
}
