import { isJsonObject, type JsonObject } from '../../core/crypto/jose/strict-json.ts'
import { keepLatest } from '../../core/keep-latest.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Outgoing } from './outgoing.ts'
import { type RemoteDocument, remoteDocument } from './remote-document.ts'
import { jsonFrom } from './remote-keys.ts'

const accept = ['application/json', 'application/jwk-set+json'] as const
const mostKept = 1000

/** What is none takes nothing away from the keys before it (RFC 7517 §5). */
function keySetFrom(text: string): JsonObject {
  const keySet = jsonFrom(text)
  if (!isJsonObject(keySet) || !Array.isArray(keySet.keys)) throw new Error('not a key set')
  return keySet
}

/**
 * JWK Sets at any number of `jwks_uri`s as they are published, for keys to encrypt to. The thousand that were used last
 * are kept.
 */
export function remoteKeySetDocuments(outgoing: Outgoing, clock: Clock): (url: string) => Promise<JsonObject> {
  const kept = new Map<string, RemoteDocument<JsonObject>>()
  return (url) => {
    const document = kept.get(url) ?? remoteDocument({ url, outgoing, clock, accept, parse: keySetFrom })
    keepLatest(kept, url, document, mostKept)
    return document.get()
  }
}
