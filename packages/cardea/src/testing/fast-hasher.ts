import { digestOf, equalInConstantTime } from '../core/crypto/digest.ts'
import type { SecretHasher } from '../core/ports/secret-hasher.ts'

const prefix = 'testing:'

/** A hasher that costs nothing, so that a suite does not spend its time on slow hashes. For tests only. */
export const fastHasher: SecretHasher = {
  hash: async (secret) => prefix + digestOf(secret),
  verify: async (hash, secret) => equalInConstantTime(hash, prefix + digestOf(secret)),
}
