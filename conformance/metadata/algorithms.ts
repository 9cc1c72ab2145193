import type { Client } from 'cardea'
import { type Caller, pairFor } from './caller.ts'

export const everySignature = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
  ...['HS256', 'HS384', 'HS512'],
]

export const keyEncryptions = [
  ...['RSA-OAEP-256', 'RSA-OAEP', 'RSA1_5', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW'],
  'dir',
]
export const contentEncryptions = [
  ...['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512', 'bogus'],
]

/** Keys of a client to which may be encrypted by that algorithm, and the private half of the one that is meant. */
export function decrypting(caller: Caller, alg: string) {
  const [kty, { privateKey, publicKey }] = alg.startsWith('RSA') ? ['RSA', pairFor('RS256')] : ['EC', pairFor('ES256')]
  const own = (caller.client.jwks?.keys ?? []).filter((key) => key.kty !== kty || kty === 'EC')
  const keys = [...own, { ...publicKey.export({ format: 'jwk' }), kty, use: 'enc' }]
  return { jwks: { keys } as NonNullable<Client['jwks']>, privateKey }
}
