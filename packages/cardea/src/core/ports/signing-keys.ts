import type { SigningKey } from '../model/signing-key.ts'

/** Key pairs of this server. Few, and read whole. */
export interface SigningKeys {
  /** Oldest first. */
  all(): Promise<readonly SigningKey[]>
  /** Replaces the key of that `kid`. */
  save(key: SigningKey): Promise<void>
  /**
   * Atomic: the `next` key of that id becomes `active`, and whichever was active for the same `use` and `alg` becomes
   * `retired`, to be forgotten at `retiredUntil`. False, and nothing changes, where it is not `next`.
   * @param at epoch seconds
   * @param retiredUntil epoch seconds
   */
  promote(kid: string, at: number, retiredUntil: number): Promise<boolean>
  /** Replaces the sealed private JWK, where it is still `from`; the key stays in the state it is in. False otherwise. */
  reseal(kid: string, from: string, to: string): Promise<boolean>
  /** Returns whether there was one. */
  delete(kid: string): Promise<boolean>
}
