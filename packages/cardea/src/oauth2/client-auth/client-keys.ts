import { jwkSet, type KeySource } from '../../core/crypto/jose/key-source.ts'
import { keepLatest } from '../../core/keep-latest.ts'
import type { Client } from '../../core/model/client.ts'

/** Where the public keys of clients come from: what was registered by value, or what stands at their `jwks_uri`. */
export type ClientKeys = (client: Client) => KeySource | undefined

const mostKept = 1000

/**
 * Key sets are read once, not with every request: a changed one is another text.
 * @param keysAt the keys at an address
 */
export function clientKeys(keysAt: (url: string) => KeySource): ClientKeys {
  const kept = new Map<string, KeySource>()
  return ({ jwks, jwks_uri }) => {
    if (jwks === undefined) return jwks_uri === undefined ? undefined : keysAt(jwks_uri)
    const text = JSON.stringify(jwks)
    const source = kept.get(text) ?? jwkSet(jwks)
    keepLatest(kept, text, source, mostKept)
    return source
  }
}
