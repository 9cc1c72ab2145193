import { fittingKeys, type KeySource, publicKeysFrom } from '../../core/crypto/jose/key-source.ts'
import { strictJson } from '../../core/crypto/jose/strict-json.ts'
import type { VerificationKey } from '../../core/crypto/jose/verification-key.ts'
import { keepLatest } from '../../core/keep-latest.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Outgoing } from './outgoing.ts'
import { type Freshness, type RemoteDocument, remoteDocument } from './remote-document.ts'

export interface RemoteKeysOptions {
  readonly outgoing: Outgoing
  readonly clock: Clock
  readonly freshness?: Freshness
}

/** RFC 7517 §8.5.2, and what servers call it that do not know it. */
const accept = ['application/json', 'application/jwk-set+json'] as const

/** Throws for what is no JSON, or has members twice. */
export function jsonFrom(text: string): unknown {
  const parsed = strictJson(text)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.value
}

/** The keys at a `jwks_uri`, kept for a while (RFC 7517 §5). */
export const remoteKeyDocument = (
  url: string,
  options: RemoteKeysOptions,
): RemoteDocument<readonly VerificationKey[]> =>
  remoteDocument({ ...options, url, accept, parse: (body) => publicKeysFrom(jsonFrom(body)) })

/**
 * Picks among keys that rotate: a key that nobody knows yet has them fetched again, at once, and then at most every 30
 * seconds, so that tokens with made-up names of keys are no way to hammer the server that publishes them.
 */
export const rotatingKeys = (keysAt: () => Promise<RemoteDocument<readonly VerificationKey[]>>): KeySource => ({
  async candidates(hint) {
    const document = await keysAt()
    const wasKept = document.isFresh()
    const found = fittingKeys(await document.get(), hint)
    // What was fetched for this very question is no older than what would be fetched now.
    return found.length > 0 || !wasKept ? found : fittingKeys(await document.refresh(), hint)
  },
})

/** The keys at a `jwks_uri`. Rejects with `OutgoingFailed` when they cannot be had. */
export function remoteKeys(url: string, options: RemoteKeysOptions): KeySource {
  const document = remoteKeyDocument(url, options)
  return rotatingKeys(async () => document)
}

const mostKept = 1000

/**
 * The keys at any number of `jwks_uri`s, such as those of registered clients. The thousand that were used last are kept.
 */
export function remoteKeySets(options: RemoteKeysOptions): (url: string) => KeySource {
  const kept = new Map<string, KeySource>()
  return (url) => {
    const source = kept.get(url) ?? remoteKeys(url, options)
    keepLatest(kept, url, source, mostKept)
    return source
  }
}
