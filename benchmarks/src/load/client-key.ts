import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'

/** A key pair of a client: one half is registered, the other signs. */
export interface ClientKey {
  readonly publicJwk: JsonWebKey
  readonly privateJwk: JsonWebKey
}

/** A new one for ES256. */
export function newClientKey(): ClientKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const registered = { kid: 'client-key', alg: 'ES256', use: 'sig' }
  return {
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...registered },
    privateJwk: privateKey.export({ format: 'jwk' }),
  }
}
