import { keepLatest } from '../../core/keep-latest.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Outgoing } from './outgoing.ts'
import { type RemoteDocument, remoteDocument } from './remote-document.ts'
import { jsonFrom } from './remote-keys.ts'

const accept = ['application/json', 'application/jwk-set+json'] as const
const mostKept = 1000

/**
 * JWK Sets at any number of `jwks_uri`s as they are published, for keys to encrypt to. The thousand that were used last
 * are kept.
 */
export function remoteKeySetDocuments(outgoing: Outgoing, clock: Clock): (url: string) => Promise<unknown> {
  const kept = new Map<string, RemoteDocument<unknown>>()
  return (url) => {
    const document = kept.get(url) ?? remoteDocument({ url, outgoing, clock, accept, parse: jsonFrom })
    keepLatest(kept, url, document, mostKept)
    return document.get()
  }
}
