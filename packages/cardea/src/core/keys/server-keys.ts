import { fittingKeys, type KeyHint } from '../crypto/jose/key-source.ts'
import { jwtSigner } from '../crypto/jose/sign-jwt.ts'
import type { VerificationKey } from '../crypto/jose/verification-key.ts'
import { isServerAlgorithm, isServerEncryption, type ServerAlgorithm } from '../model/server-algorithm.ts'
import type { SigningKey } from '../model/signing-key.ts'
import type { KeyOptions, KeyRotation, RotateOptions, ServerKeys } from '../ports/server-keys.ts'
import { type KeyParts, makeFirst, makeNext, openedKey, type RotationCause } from './key-maker.ts'
import { publishedBefore, retiredFor, searchEvery, staleAfter } from './key-times.ts'
import { type LoadedKeys, loadedFrom } from './loaded-keys.ts'

const isOpenable = (parts: KeyParts, key: SigningKey): Promise<boolean> =>
  openedKey(parts, key).then(
    () => true,
    () => false,
  )

/** The keys of this server, kept in the store and for a minute in the process. */
class StoredKeys implements ServerKeys {
  readonly verification = { candidates: (hint: KeyHint) => this.#candidates(hint) }
  readonly #parts: KeyParts
  readonly #algorithm: ServerAlgorithm
  readonly #rotateEvery: number | undefined
  readonly #open = new Map<string, ReturnType<typeof jwtSigner>>()
  #loaded: LoadedKeys | undefined
  #loading: Promise<LoadedKeys> | undefined

  constructor(parts: KeyParts, { algorithm = 'ES256', rotateEvery }: KeyOptions) {
    this.#parts = parts
    this.#algorithm = algorithm
    this.#rotateEvery = rotateEvery
  }

  async sign(jwt: Parameters<ServerKeys['sign']>[0], algorithm = this.#algorithm): Promise<string> {
    const current = this.#current()
    const loaded = current instanceof Promise ? await current : current
    const { kid } = loaded.active.get(algorithm) ?? (await this.#active(algorithm))
    const sign = this.#open.get(kid) ?? (await this.#opened(algorithm))
    return sign(jwt)
  }

  async published(needed: readonly ServerAlgorithm[] = []) {
    for (const algorithm of new Set([this.#algorithm, ...needed])) await this.#active(algorithm)
    return { keys: (await this.#current()).published }
  }

  async rotate({ algorithm, immediately = false }: RotateOptions = {}): Promise<readonly KeyRotation[]> {
    if (isServerEncryption(algorithm)) return []
    await this.#active(algorithm ?? this.#algorithm)
    const { active } = await this.#reload()
    const algorithms = algorithm === undefined ? [...active.keys()].filter(isServerAlgorithm) : [algorithm]
    const rotations: KeyRotation[] = []
    for (const name of algorithms) rotations.push(await this.#rotated(name, immediately, 'request'))
    return rotations
  }

  async #rotated(algorithm: ServerAlgorithm, immediately: boolean, reason: RotationCause): Promise<KeyRotation> {
    const { clock } = this.#parts
    const { active, next } = await this.#withNext(algorithm)
    const now = clock.now()
    const notBefore = next.createdAt + publishedBefore
    if (!immediately && now < notBefore) return { algorithm, rotated: false, kid: next.kid, notBefore }
    const retiredUntil = now + retiredFor
    await this.#promote(next, active, retiredUntil, reason)
    await makeNext(this.#parts, algorithm, next.kid)
    await this.#reload()
    return { algorithm, rotated: true, kid: next.kid, retired: active.kid, retiredUntil }
  }

  /** Of several instances that try at once, the store lets one through, which tells of it. */
  async #promote(next: SigningKey, active: SigningKey, retiredUntil: number, reason: RotationCause): Promise<void> {
    const { clock, emit, signingKeys } = this.#parts
    if (!(await signingKeys.promote(next.kid, clock.now(), retiredUntil))) return
    const { alg: algorithm, kid } = next
    await emit?.({ type: 'key_rotated', use: 'sig', algorithm, kid, retired: active.kid, reason })
  }

  /** The key that signs, and the one after it, which is made where it is missing. */
  async #withNext(algorithm: ServerAlgorithm): Promise<{ active: SigningKey; next: SigningKey }> {
    const active = await this.#active(algorithm)
    const waiting = this.#loaded?.next.get(algorithm)
    // One that was made under secrets which are gone would never sign.
    if (waiting !== undefined && !(await isOpenable(this.#parts, waiting))) {
      await this.#parts.signingKeys.delete(waiting.kid)
      await makeNext(this.#parts, algorithm, waiting.kid)
    } else if (waiting === undefined) await makeNext(this.#parts, algorithm, active.kid)
    const next = (await this.#reload()).next.get(algorithm)
    if (next === undefined) throw new Error(`signing key: there is none to follow ${active.kid}`)
    return { active, next }
  }

  async #active(algorithm: ServerAlgorithm): Promise<SigningKey> {
    const known = (await this.#current()).active.get(algorithm)
    if (known !== undefined) return known
    await makeFirst(this.#parts, algorithm)
    const made = (await this.#reload()).active.get(algorithm)
    if (made === undefined) throw new Error(`signing key: there is none for ${algorithm}`)
    return made
  }

  async #opened(algorithm: ServerAlgorithm): Promise<ReturnType<typeof jwtSigner>> {
    const row = await this.#active(algorithm)
    try {
      const sign = jwtSigner(await openedKey(this.#parts, row))
      this.#open.set(row.kid, sign)
      return sign
    } catch (error) {
      // The secret it was made under is gone. Not at once for a new key: two instances whose secrets differ would replace
      // each other's for ever.
      const { activatedAt = row.createdAt } = row
      if (this.#parts.clock.now() - activatedAt < publishedBefore) throw error
      await this.#rotated(algorithm, true, 'secret_gone')
      return this.#opened(algorithm)
    }
  }

  #current(): LoadedKeys | Promise<LoadedKeys> {
    const loaded = this.#loaded
    // A clock that went back must not make the copy last for ever.
    const age = loaded === undefined ? staleAfter : Math.abs(this.#parts.clock.now() - loaded.at)
    return loaded !== undefined && age < staleAfter ? loaded : this.#load()
  }

  /** One look at the store for everybody who asks meanwhile. */
  #load(): Promise<LoadedKeys> {
    this.#loading ??= this.#renewed().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #renewed(): Promise<LoadedKeys> {
    const loaded = await this.#reload()
    return (await this.#replaceDue(loaded)) ? this.#reload() : loaded
  }

  async #reload(): Promise<LoadedKeys> {
    const { clock, signingKeys } = this.#parts
    const loaded = loadedFrom(await signingKeys.all(), clock.now())
    this.#loaded = loaded
    const signing = new Set([...loaded.active.values()].map(({ kid }) => kid))
    // A private key that signs no more need not stay in memory.
    for (const kid of this.#open.keys()) if (!signing.has(kid)) this.#open.delete(kid)
    return loaded
  }

  /** By the schedule. Of several instances, the store lets one through; the others find it done. */
  async #replaceDue({ active, next }: LoadedKeys): Promise<boolean> {
    const now = this.#parts.clock.now()
    let changed = false
    for (const [algorithm, signing] of active) {
      const { kid, activatedAt = 0 } = signing
      if (this.#rotateEvery === undefined || !isServerAlgorithm(algorithm)) continue
      const follower = next.get(algorithm)
      const isDue = now >= activatedAt + this.#rotateEvery
      if (follower === undefined) await makeNext(this.#parts, algorithm, kid)
      else if (isDue && now >= follower.createdAt + publishedBefore) {
        await this.#promote(follower, signing, now + retiredFor, 'schedule')
        await makeNext(this.#parts, algorithm, follower.kid)
      } else continue
      changed = true
    }
    return changed
  }

  async #candidates(hint: KeyHint): Promise<readonly VerificationKey[]> {
    // Ours all have one, and without it several keys would be tried for whoever sends garbage.
    if (hint.kid === undefined) return []
    const loaded = await this.#current()
    const found = fittingKeys(loaded.verification, hint)
    if (found.length > 0 || this.#parts.clock.now() - loaded.at < searchEvery) return found
    return fittingKeys((await this.#load()).verification, hint)
  }
}

/** The signing keys of a server. Every instance on the same store has the same. */
export const serverKeys = (parts: KeyParts, options: KeyOptions = {}): ServerKeys => new StoredKeys(parts, options)
