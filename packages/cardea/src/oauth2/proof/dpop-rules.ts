import { keptHeaderKeys } from '../../core/crypto/jose/header-keys.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { DpopSettings } from '../../core/ports/settings.ts'
import { dpopNonces } from './dpop-nonces.ts'
import type { DpopRules } from './dpop-proof.ts'

/** Rules for proofs that are remembered in the store, and so used once across all instances on it. */
export const dpopRules = (
  { clock, keyring, store }: Pick<Engine, 'clock' | 'keyring' | 'store'>,
  { algorithms, maxAge, nonce, nonceLifetime }: DpopSettings,
  status: DpopRules['status'],
): DpopRules => ({
  algorithms,
  headerKeys: keptHeaderKeys(),
  clock,
  maxAge,
  replay: store.replay,
  nonces: nonce === 'required' ? dpopNonces(keyring, clock, nonceLifetime) : undefined,
  status,
})
