import { digestOf } from '../core/crypto/digest.ts'
import type { Keyring } from '../core/crypto/keyring.ts'
import { randomText } from '../core/crypto/random.ts'
import type { OAuth1Registration } from '../core/model/client.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import { sealedAs } from './secret-purposes.ts'

/** What requests of unknown clients and tokens are verified against, so that they take the path that known ones take. */
export interface Nobody {
  readonly clientId: string
  readonly registration: OAuth1Registration
  readonly token: SealedToken
}

/** The secret of a temporary or token credential, as it is stored. */
export interface SealedToken {
  readonly digest: TokenDigest
  readonly sealedSecret: string
}

/** Its private key was thrown away. */
const publicKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA9OhTfcMBa8Ynk32CPkfU
MA6KMtmDOoD5wGx2D5AS0ed2QdN05PPIYEEjRtTLTwNgsFK6gBavS18ZhvXUY6dO
TS5W7JBLL87dvXdaZmn3LLV2ZsYv6jAiJFecEGnV8NnAe0res1XB56ucQSDI+djJ
QhR511ndQBlY22NelU/Lw5IjAiJzK++qFawxM1Lfllazn301wbp9SVqHj5lyN0IE
HWZFitqbZhRKNtqjelQNs/7CYRumgUTca1SJ/0U5QgsT5kThA9j7DTsVeehYcQnT
K1aDiajr92ldD0sWIAcuTEUYvcrOPsOU6nFYnnX2sRE7Ew8USZw6aBHZYfi/qXgQ
aQIDAQAB
-----END PUBLIC KEY-----`

export function nobodyOf(keyring: Keyring): Nobody {
  // As long as most: what is sealed and opened is of the usual length.
  const clientId = randomText(12)
  const digest = digestOf(clientId)
  const sealed_secret = keyring.seal(sealedAs.client, randomText(36), clientId)
  return {
    clientId,
    registration: { sealed_secret, public_key: publicKey, callbacks: [] },
    token: { digest, sealedSecret: keyring.seal(sealedAs.token, randomText(36), digest) },
  }
}
