import type { OAuth1ShortTerm } from '../core/ports/oauth1-storage.ts'

const verbs = [
  'saveTemporary',
  'findTemporary',
  'declineTemporary',
  'removeTemporary',
  'approveTemporary',
  'takeTemporary',
  'claimNonce',
] as const satisfies readonly (keyof OAuth1ShortTerm)[]

/** Throws TypeError for what lacks a verb, which would otherwise fail on every request. */
export function checkShortTerm(option: string, shortTerm: OAuth1ShortTerm | undefined): void {
  if (shortTerm === undefined) return
  const missing = verbs.find((verb) => typeof shortTerm?.[verb] !== 'function')
  if (missing !== undefined)
    throw new TypeError(`${option}: must be a storage such as cacheStores(cache), ${missing} is missing`)
}
