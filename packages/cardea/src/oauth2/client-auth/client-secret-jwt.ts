import { secretKeyAlgorithms } from '../../core/crypto/jose/algorithms.ts'
import { sharedSecrets } from '../../core/crypto/jose/key-source.ts'
import type { AssertionMethod } from './client-assertion.ts'
import { openClientSecret } from './sealed-client-secret.ts'

/** A client signs with its secret, which is kept sealed: an HMAC cannot be checked against a hash (RFC 7523 §2.2). */
export const clientSecretJwt: AssertionMethod = {
  name: 'client_secret_jwt',
  algorithms: secretKeyAlgorithms,
  keysOf({ keyring }, client) {
    const secret = openClientSecret(keyring, client)
    return secret === undefined ? undefined : sharedSecrets(secret)
  },
}
