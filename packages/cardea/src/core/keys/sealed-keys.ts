import type { EncryptionKeyPair } from '../crypto/jose/encryption-key-pair.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { SigningKey } from '../model/signing-key.ts'

/** Sealed for its use, and bound to its id: a row that is put in another's place opens for nobody. */
const purposes = { sig: 'signing key', enc: 'decryption key' } as const satisfies Record<SigningKey['use'], string>

type Sealed = Pick<SigningKey, 'kid' | 'sealedPrivateJwk' | 'use'>

type KeyPair = Pick<SigningKey, 'kid' | 'alg' | 'publicJwk'> & Pick<EncryptionKeyPair, 'privateKey'>

/** The row of a new key pair, which waits for its turn. @param now epoch seconds */
export const nextKeyRow = (keyring: Keyring, use: SigningKey['use'], pair: KeyPair, now: number): SigningKey => ({
  kid: pair.kid,
  alg: pair.alg,
  use,
  state: 'next',
  publicJwk: pair.publicJwk,
  sealedPrivateJwk: keyring.seal(purposes[use], JSON.stringify(pair.privateKey.export({ format: 'jwk' })), pair.kid),
  createdAt: now,
})

/** The private JWK as text; undefined where none of the secrets opens it. */
export const openedPrivateJwk = (keyring: Keyring, { kid, sealedPrivateJwk: sealed, use }: Sealed) =>
  keyring.open(purposes[use], sealed, kid)

/** Sealed under the first of the secrets; undefined where it is, or none opens it. */
export const resealedPrivateJwk = (keyring: Keyring, { kid, sealedPrivateJwk: sealed, use }: Sealed) =>
  keyring.reseal(purposes[use], sealed, kid)
