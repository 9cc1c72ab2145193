import { publicKeyAlgorithms } from '../../core/crypto/jose/algorithms.ts'
import type { AssertionMethod } from './client-assertion.ts'
import type { ClientKeys } from './client-keys.ts'

/** A client signs with a key of its own, whose public half is registered or published (RFC 7523 §2.2, OpenID Connect Core §9). */
export const privateKeyJwt = (keysOf: ClientKeys): AssertionMethod => ({
  name: 'private_key_jwt',
  algorithms: publicKeyAlgorithms,
  keysOf: (_engine, client) => keysOf(client),
})
