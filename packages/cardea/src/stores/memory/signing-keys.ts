import type { SigningKeys } from '../../core/ports/signing-keys.ts'
import type { Tables } from './tables.ts'

export const memorySigningKeys = ({ signingKeys }: Tables): SigningKeys => ({
  async all() {
    return [...signingKeys.values()].sort((one, other) => one.createdAt - other.createdAt)
  },
  async save(key) {
    signingKeys.set(key.kid, key)
  },
  async promote(kid, at, retiredUntil) {
    const next = signingKeys.get(kid)
    if (next?.state !== 'next') return false
    for (const key of signingKeys.values()) {
      if (key.state !== 'active' || key.use !== next.use || key.alg !== next.alg) continue
      signingKeys.set(key.kid, { ...key, state: 'retired', retiredAt: at, expiresAt: retiredUntil })
    }
    signingKeys.set(kid, { ...next, state: 'active', activatedAt: at })
    return true
  },
  async reseal(kid, from, to) {
    const key = signingKeys.get(kid)
    if (key?.sealedPrivateJwk !== from) return false
    signingKeys.set(kid, { ...key, sealedPrivateJwk: to })
    return true
  },
  async delete(kid) {
    return signingKeys.delete(kid)
  },
})
