import type { TokenDigest } from '../../core/model/digest.ts'
import type { TemporaryApproval, TemporaryCredential } from '../../core/model/temporary-credential.ts'
import type { IssuedToken } from './models.ts'

type Sync<T> = T | Promise<T>

/**
 * What a host can keep by itself, one function each. Times in epoch seconds. Those that decide a race must do so in one
 * step of the storage behind them: a unique key, a conditional update, an atomic `add`.
 */
export interface OAuth1Hooks {
  /** RFC 5849 §3.3 (`exists_nonce`): of concurrent claims of one key exactly one gets `first`, until `until` has passed. */
  claimNonce(key: string, until: number, at: number): Sync<'first' | 'seen'>
  /** Keeps a temporary credential until it expires. */
  createTemporaryCredential(credential: TemporaryCredential): Sync<unknown>
  /** By the digest of its token; nothing when there is none. */
  getTemporaryCredential(digest: TokenDigest): Sync<TemporaryCredential | undefined | null>
  /** Returns whether it was there: of concurrent deletions exactly one gets true, and with it what the credential buys. */
  deleteTemporaryCredential(digest: TokenDigest): Sync<boolean>
  /** Adds the approval to a credential that has none; false where it has one, or is gone. */
  createAuthorizationVerifier(digest: TokenDigest, approval: TemporaryApproval, at: number): Sync<boolean>
  /** Keeps a token credential. */
  createTokenCredential(issued: IssuedToken): Sync<unknown>
}

/** Name of something a host can keep by itself. */
export type HookName = keyof OAuth1Hooks

/** Every name that `registerHook` takes. */
export const hookNames = [
  'claimNonce',
  'createTemporaryCredential',
  'getTemporaryCredential',
  'deleteTemporaryCredential',
  'createAuthorizationVerifier',
  'createTokenCredential',
] as const satisfies readonly HookName[]

/** @throws TypeError for a name that is none, with those that are */
export function mustBeHook(name: string): asserts name is HookName {
  if ((hookNames as readonly string[]).includes(name)) return
  throw new TypeError(`registerHook: there is no ${JSON.stringify(name)}; valid are ${hookNames.join(', ')}`)
}

/** Looked up when they are needed, so that they can be registered late. */
export type HookTable = Partial<OAuth1Hooks>

/** @throws Error that says what to do */
export function missingHook(name: HookName): never {
  throw new Error(`OAuth1Server: hook ${name} is missing. Register it with registerHook, or pass shortTerm or a store`)
}
