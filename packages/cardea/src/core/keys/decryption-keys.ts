import { contentEncryptions, decryptJwe } from '../crypto/jose/decrypt-jwe.ts'
import type { EncryptionKeyPair } from '../crypto/jose/encryption-key-pair.ts'
import { serverEncryptions } from '../model/server-algorithm.ts'
import type { PublicJwk, SigningKey } from '../model/signing-key.ts'
import type { DecryptionKeys, EncryptionRule } from '../ports/decryption-keys.ts'
import type { KeyOptions, KeyRotation, RotateOptions } from '../ports/server-keys.ts'
import { activeOf, encryptionRows, openedPair, replaceEncryptionKey } from './encryption-key-maker.ts'
import type { KeyParts, RotationCause } from './key-maker.ts'
import { publishedBefore, retiredFor, staleAfter } from './key-times.ts'
import { openedPrivateJwk } from './sealed-keys.ts'

/** Characters; what is inside may be as long as a signed request object. */
const maxBytes = 20_480

interface Loaded {
  /** Epoch seconds. */
  readonly at: number
  /** All that decrypt. */
  readonly pairs: readonly EncryptionKeyPair[]
  readonly published: readonly PublicJwk[]
}

async function decrypted(text: string, { alg, enc }: EncryptionRule, { pairs }: Loaded): Promise<string> {
  const keys = pairs.filter((key) => alg === undefined || key.alg === alg)
  const encryptions = contentEncryptions.filter((name) => enc === undefined || name === enc)
  return decryptJwe(text, { keys, encryptions, maxBytes })
}

/** The keys by which others encrypt to this server, kept in the store and for a minute in the process. */
class StoredDecryptionKeys implements DecryptionKeys {
  readonly #parts: KeyParts
  readonly #rotateEvery: number | undefined
  #loaded: Loaded | undefined
  #loading: Promise<Loaded> | undefined

  constructor(parts: KeyParts, rotateEvery: number | undefined) {
    this.#parts = parts
    this.#rotateEvery = rotateEvery
  }

  async decrypt(text: string, rule: EncryptionRule): Promise<string> {
    const loaded = await this.#current()
    try {
      return await decrypted(text, rule, loaded)
    } catch (error) {
      // Another instance may have published a new key since. Once a second at most: garbage must not become queries.
      if (this.#parts.clock.now() === loaded.at) throw error
      const { pairs } = loaded
      const renewed = await this.#load()
      if (renewed.pairs.every(({ kid }) => pairs.some((pair) => pair.kid === kid))) throw error
      return decrypted(text, rule, renewed)
    }
  }

  async published(): Promise<readonly PublicJwk[]> {
    return (await this.#current()).published
  }

  async rotate({ algorithm }: RotateOptions = {}): Promise<readonly KeyRotation[]> {
    const rotations: KeyRotation[] = []
    const rows = await encryptionRows(this.#parts)
    for (const name of serverEncryptions) {
      const before = activeOf(rows, name)
      if (before === undefined || (algorithm ?? name) !== name) continue
      await replaceEncryptionKey(this.#parts, name, before, 'request')
      const kid = activeOf(await encryptionRows(this.#parts), name)?.kid ?? before.kid
      const retiredUntil = this.#parts.clock.now() + retiredFor
      rotations.push({ algorithm: name, rotated: true, kid, retired: before.kid, retiredUntil })
    }
    if (rotations.length > 0) this.#loaded = undefined
    return rotations
  }

  #current(): Loaded | Promise<Loaded> {
    const loaded = this.#loaded
    // A clock that went back must not make the copy last for ever.
    const age = loaded === undefined ? staleAfter : Math.abs(this.#parts.clock.now() - loaded.at)
    return loaded !== undefined && age < staleAfter ? loaded : this.#load()
  }

  /** One look at the store for everybody who asks meanwhile. */
  #load(): Promise<Loaded> {
    this.#loading ??= this.#renewed().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #renewed(): Promise<Loaded> {
    const at = this.#parts.clock.now()
    const rows = await this.#rowsInOrder()
    const opened = await Promise.all(rows.map((row) => openedPair(this.#parts, row)))
    const pairs = opened.filter((pair) => pair !== undefined)
    const active = new Set(rows.filter(({ state }) => state === 'active').map(({ kid }) => kid))
    const published = pairs.filter(({ kid }) => active.has(kid)).map(({ publicJwk }) => publicJwk)
    this.#loaded = { at, pairs, published }
    return this.#loaded
  }

  /** After what is missing was made, and what is due replaced. */
  async #rowsInOrder(): Promise<readonly SigningKey[]> {
    const rows = await encryptionRows(this.#parts)
    let changed = false
    for (const algorithm of serverEncryptions) {
      const active = activeOf(rows, algorithm)
      const reason = active === undefined ? 'schedule' : this.#whyReplaced(active)
      if (reason === undefined) continue
      await replaceEncryptionKey(this.#parts, algorithm, active, reason)
      changed = true
    }
    return changed ? encryptionRows(this.#parts) : rows
  }

  #whyReplaced(active: SigningKey): RotationCause | undefined {
    const { clock, keyring } = this.#parts
    const age = clock.now() - (active.activatedAt ?? active.createdAt)
    // Not at once for a new key: two instances whose secrets differ would replace each other's for ever.
    if (openedPrivateJwk(keyring, active) === undefined) return age < publishedBefore ? undefined : 'secret_gone'
    return this.#rotateEvery !== undefined && age >= this.#rotateEvery ? 'schedule' : undefined
  }
}

/** The keys of a server, by which others encrypt to it. They are made on first need, and kept in the store. */
export const decryptionKeys = (
  parts: KeyParts,
  { rotateEvery }: Pick<KeyOptions, 'rotateEvery'> = {},
): DecryptionKeys => new StoredDecryptionKeys(parts, rotateEvery)
