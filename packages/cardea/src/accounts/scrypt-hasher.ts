import { scryptHash, scryptVerify } from '../core/crypto/scrypt.ts'
import type { SecretHasher } from '../core/ports/secret-hasher.ts'

/** The hasher there is without any package: scrypt of node:crypto. Servers may prefer argon2id. */
export const scryptHasher: SecretHasher = { hash: scryptHash, verify: scryptVerify }
