import { rsaPublicKeyFrom } from '../crypto/rsa-signature.ts'
import type { Client, OAuth1Registration } from '../model/client.ts'
import { redirectUriProblem } from './redirect-uri.ts'

/** What we add to a callback; one that already holds it would make the answer ambiguous. */
const answerParameters = ['oauth_token', 'oauth_verifier', 'oauth_problem', 'error']

function callbackProblem(callback: string, type: Client['application_type']): string | undefined {
  if (callback === 'oob') return undefined
  const problem = redirectUriProblem(callback, type)
  if (problem !== undefined) return problem
  const { searchParams } = new URL(callback)
  return answerParameters.some((name) => searchParams.has(name)) ? 'must not hold a parameter of the answer' : undefined
}

/** What is wrong with a registration of OAuth 1 (RFC 5849 §4.7), with the name of the member, or undefined. */
export function oauth1RegistrationProblem(
  { callbacks, public_key, signature_methods }: OAuth1Registration,
  type: Client['application_type'],
): string | undefined {
  for (const callback of callbacks) {
    const problem = callbackProblem(callback, type)
    if (problem !== undefined) return `oauth1.callbacks: ${JSON.stringify(callback)} ${problem}`
  }
  if (public_key !== undefined && rsaPublicKeyFrom(public_key) === undefined)
    return 'oauth1.public_key: must be the PEM of an RSA public key of 1024 to 8192 bits'
  if (signature_methods?.length === 0) return 'oauth1.signature_methods: none is listed; leave it out to allow all'
  return undefined
}
