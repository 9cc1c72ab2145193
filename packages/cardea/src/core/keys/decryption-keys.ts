import { contentEncryptions, decryptJwe, type KeyEncryption, keyEncryptions } from '../crypto/jose/decrypt-jwe.ts'
import {
  type EncryptionKeyPair,
  encryptionKeyPairFrom,
  generateEncryptionKeyPair,
} from '../crypto/jose/encryption-key-pair.ts'
import type { PublicJwk, SigningKey } from '../model/signing-key.ts'
import type { DecryptionKeys } from '../ports/decryption-keys.ts'
import type { KeyParts } from './key-maker.ts'
import { staleAfter } from './key-times.ts'

/** One for clients that have RSA only, and one for all others. */
const algorithms = ['RSA-OAEP-256', 'ECDH-ES'] as const satisfies readonly KeyEncryption[]
const purpose = 'decryption key'

async function newRow({ keyring, clock }: KeyParts, algorithm: (typeof algorithms)[number]): Promise<SigningKey> {
  const { kid, privateKey, publicJwk } = await generateEncryptionKeyPair(algorithm)
  const now = clock.now()
  return {
    kid,
    alg: algorithm,
    use: 'enc',
    state: 'active',
    publicJwk,
    sealedPrivateJwk: keyring.seal(purpose, JSON.stringify(privateKey.export({ format: 'jwk' })), kid),
    createdAt: now,
    activatedAt: now,
  }
}

function opened({ keyring }: KeyParts, { alg, kid, sealedPrivateJwk }: SigningKey): Promise<EncryptionKeyPair> {
  const text = keyring.open(purpose, sealedPrivateJwk, kid)
  const algorithm = keyEncryptions.find((name) => name === alg)
  if (text === undefined || algorithm === undefined)
    throw new Error(
      `decryption key ${kid}: none of the secrets opens it; add the secret it was made under, or delete it`,
    )
  return encryptionKeyPairFrom({ ...JSON.parse(text), kid }, algorithm)
}

/** Two instances may both make one: then there are two, and both decrypt. */
async function rowsOf(parts: KeyParts): Promise<readonly SigningKey[]> {
  const { clock, signingKeys } = parts
  const living = async () =>
    (await signingKeys.all()).filter(
      ({ use, expiresAt }) => use === 'enc' && (expiresAt === undefined || clock.now() < expiresAt),
    )
  const rows = await living()
  const missing = algorithms.filter((name) => !rows.some(({ alg, state }) => alg === name && state === 'active'))
  for (const name of missing) await signingKeys.save(await newRow(parts, name))
  return missing.length === 0 ? rows : living()
}

/** Characters; what is inside may be as long as a signed request object. */
const maxBytes = 20_480

interface Loaded {
  /** Epoch seconds. */
  readonly at: number
  readonly pairs: readonly EncryptionKeyPair[]
}

/** The keys of a server, by which others encrypt to it. They are made on first need, and kept in the store. */
export function decryptionKeys(parts: KeyParts): DecryptionKeys {
  let loading: Promise<Loaded> | undefined
  const load = async (): Promise<Loaded> => {
    const at = parts.clock.now()
    return { at, pairs: await Promise.all((await rowsOf(parts)).map((row) => opened(parts, row))) }
  }
  const current = async (): Promise<readonly EncryptionKeyPair[]> => {
    loading ??= load()
    try {
      const { at, pairs } = await loading
      if (Math.abs(parts.clock.now() - at) < staleAfter) return pairs
      loading = load()
      return (await loading).pairs
    } catch (error) {
      loading = undefined
      throw error
    }
  }
  return {
    async decrypt(text, { alg, enc }) {
      const keys = (await current()).filter((key) => alg === undefined || key.alg === alg)
      const encryptions = contentEncryptions.filter((name) => enc === undefined || name === enc)
      return decryptJwe(text, { keys, encryptions, maxBytes })
    },
    published: async (): Promise<readonly PublicJwk[]> => (await current()).map(({ publicJwk }) => publicJwk),
  }
}
