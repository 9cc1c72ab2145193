import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import { keptHeaderKeys } from '../../core/crypto/jose/header-keys.ts'
import { keyringFrom } from '../../core/crypto/keyring.ts'
import { type Clock, systemClock } from '../../core/ports/clock.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { Replay } from '../../core/ports/replay.ts'
import { originForm } from '../../http/origin-form.ts'
import type { HttpRequest } from '../../http/request.ts'
import { dpopNonces } from '../proof/dpop-nonces.ts'
import { originsFrom, proofAlgorithms } from '../proof/dpop-options.ts'
import type { DpopRules } from '../proof/dpop-proof.ts'
import { dpopRules } from '../proof/dpop-rules.ts'
import { memoryReplay } from './memory-replay.ts'

/** How a protected resource checks proofs of possession (RFC 9449 §7). */
export interface DpopProtectionOptions {
  /**
   * Where this API is, as clients address it: scheme, host, and the part of the path that a proxy takes off. Proofs name it;
   * the Host header is never asked.
   */
  readonly origin: string | readonly string[]
  /** Takes no Bearer tokens at all. Default false: those that are bound to nothing, or to a certificate. */
  readonly required?: boolean
  /** Algorithms of proofs. Default: every one whose key has a public half. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /** Seconds a proof may be old. Default 300. */
  readonly maxAge?: number
  /** Remembers which proofs were used, for all instances that share it. Default: the memory of this process. */
  readonly replay?: Pick<Replay, 'claim'>
  /** Secrets of at least 32 characters; with them, proofs need a nonce of this API (RFC 9449 §9). Default: they need none. */
  readonly nonceSecrets?: readonly string[]
  /** Seconds a nonce is handed out; it holds as long again. Default 300. */
  readonly nonceLifetime?: number
  /** Default: that of the system. */
  readonly clock?: Clock
}

/** Proofs at a protected resource. */
export interface DpopProtection {
  readonly rules: DpopRules
  readonly required: boolean
  /** What a proof may name for this request. */
  urlsOf(request: HttpRequest): readonly string[]
}

const urlsAt =
  (origins: readonly string[]): DpopProtection['urlsOf'] =>
  ({ target }) => {
    const path = originForm(target)
    return origins.map((origin) => origin + path)
  }

/** Throws TypeError that names the option and what is valid. */
export function dpopProtection(options: DpopProtectionOptions): DpopProtection {
  const { clock = systemClock, maxAge = 300, nonceSecrets, nonceLifetime = 300, required = false } = options
  return {
    rules: {
      algorithms: proofAlgorithms('dpop.algorithms', options.algorithms),
      headerKeys: keptHeaderKeys(),
      clock,
      maxAge,
      replay: options.replay ?? memoryReplay(),
      nonces: nonceSecrets && dpopNonces(keyringFrom(nonceSecrets), clock, nonceLifetime),
      status: 401,
    },
    required,
    urlsOf: urlsAt(originsFrom('dpop.origin', options.origin)),
  }
}

/** Proofs for the tokens of a provider in this process; undefined where it has none. */
export function localDpop(engine: Engine): DpopProtection | undefined {
  const { dpop } = engine.settings
  if (dpop === undefined) return undefined
  return { rules: dpopRules(engine, dpop, 401), required: dpop.required, urlsOf: urlsAt(dpop.resourceOrigins) }
}
