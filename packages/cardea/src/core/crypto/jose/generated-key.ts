import { generateKeyPair, type KeyObject } from 'node:crypto'

/**
 * A new private key: RSA of 2048 bits, Ed25519, or one of that curve. Not in the thread that serves: an RSA key takes a
 * second at times, and keys are replaced while requests come.
 */
export function generatedKey(kind: 'RSA' | 'Ed25519' | { readonly crv: string }): Promise<KeyObject> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, _publicKey: KeyObject, privateKey: KeyObject): void =>
      error === null ? resolve(privateKey) : reject(error)
    if (kind === 'RSA') generateKeyPair('rsa', { modulusLength: 2048 }, done)
    else if (kind === 'Ed25519') generateKeyPair('ed25519', {}, done)
    else generateKeyPair('ec', { namedCurve: kind.crv }, done)
  })
}
