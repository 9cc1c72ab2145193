import { createPublicKey } from 'node:crypto'
import { type Client, redirectUriProblem } from 'cardea'
import type { OAuth1Row } from './rows.ts'

const leastBits = 2048

/** What is wrong with the PEM of an RSA public key, or undefined. */
export function rsaKeyProblem(pem: string): string | undefined {
  if (pem.includes('PRIVATE KEY'))
    return 'is a private key: only the client may have that; make the public one with `openssl rsa -pubout`'
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = createPublicKey(pem)
    if (type !== 'rsa') return `is a key of type ${type}; must be an RSA key`
    const { modulusLength = 0, publicExponent = 0n } = details
    if (modulusLength < leastBits || modulusLength > 8192)
      return `has ${modulusLength} bits; must have ${leastBits} to 8192`
    return publicExponent < 3n ? 'has a public exponent of 1: anybody could sign' : undefined
  } catch {
    return 'is not a public key in PEM (-----BEGIN PUBLIC KEY-----), nor a certificate'
  }
}

function callbackProblem(callback: string, type: Client['application_type']): string | undefined {
  if (callback === 'oob') return undefined
  const problem = redirectUriProblem(callback, type)
  return problem === undefined ? undefined : `callbacks: ${JSON.stringify(callback)} ${problem}`
}

/** A method without what it is verified by would never accept anything. */
function methodProblem(methods: readonly string[], hasSecret: boolean, hasKey: boolean): string | undefined {
  if (methods.length === 0) return 'signature_methods: none is listed; leave it out to allow all'
  const useless = methods.find((name) => (name.startsWith('RSA-') ? !hasKey : !hasSecret))
  if (useless === undefined) return undefined
  return `signature_methods: ${useless} needs ${useless.startsWith('RSA-') ? 'a public_key' : 'a secret'}`
}

/**
 * What is wrong with a registration of OAuth 1, with the name of the member, or undefined.
 * @param hasSecret whether a shared secret is stored, or will be
 */
export function oauth1Problem(
  row: OAuth1Row,
  type: Client['application_type'],
  hasSecret: boolean,
): string | undefined {
  const { public_key: pem, callbacks = [], signature_methods: methods } = row
  if (!hasSecret && pem === undefined) return 'oauth1: needs a secret or a public_key, or it cannot sign anything'
  const keyProblem = pem === undefined ? undefined : rsaKeyProblem(pem)
  if (keyProblem !== undefined) return `oauth1.public_key: ${keyProblem}`
  if (callbacks.length === 0)
    return 'oauth1.callbacks: at least one is needed: an https URL, or oob where people type in a code'
  const problem =
    callbacks.map((callback) => callbackProblem(callback, type)).find((found) => found !== undefined) ??
    (methods === undefined ? undefined : methodProblem(methods, hasSecret, pem !== undefined))
  return problem === undefined ? undefined : `oauth1.${problem}`
}
