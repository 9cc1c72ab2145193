import { publicKeyAlgorithms, type SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { DpopSettings } from '../../core/ports/settings.ts'
import { targetUri } from './target-uri.ts'

/** RFC 9449: tokens that are of use only to whoever holds the key they are bound to. */
export interface DpopOptions {
  /** Every client must prove a key. Default false: those that are registered so, and those that do. */
  readonly required?: boolean
  /** Algorithms of proofs. Default: every one whose key has a public half. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /** Seconds a proof may be old, from 1 to 3600. Default 300. */
  readonly maxAge?: number
  /** `required`: proofs need a nonce of ours, which clients are told by the first refusal (RFC 9449 §8). Default `off`. */
  readonly nonce?: 'off' | 'required'
  /** Seconds a nonce is handed out, from 10 to 3600; it holds as long again. Default 300. */
  readonly nonceLifetime?: number
  /**
   * Where the resources that `protect` guards are, as clients address them: scheme, host, and the part of the path that a
   * proxy takes off. Default: the origin of the issuer.
   */
  readonly resourceOrigin?: string | readonly string[]
}

function seconds(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= 3600) return value
  throw new TypeError(`${name}: must be whole seconds from ${least} to 3600, got ${JSON.stringify(value)}`)
}

export function proofAlgorithms(where: string, algorithms: readonly SigningAlgorithm[] = publicKeyAlgorithms) {
  const unfit = Array.isArray(algorithms) ? algorithms.find((name) => !publicKeyAlgorithms.includes(name)) : algorithms
  if (unfit === undefined && algorithms.length > 0) return algorithms
  throw new TypeError(
    `${where}: needs names out of ${publicKeyAlgorithms.join(', ')}, got ${JSON.stringify(unfit ?? [])}`,
  )
}

/** Without trailing slash, so that the path of a request can follow. @throws TypeError that names the option */
export function originsFrom(where: string, given: string | readonly string[]): readonly string[] {
  const list = typeof given === 'string' ? [given] : given
  const origins = Array.isArray(list) ? list.map((one) => (typeof one === 'string' ? targetUri(one) : undefined)) : []
  if (origins.length === 0 || origins.includes(undefined))
    throw new TypeError(`${where}: must be a URL such as https://api.example.com, got ${JSON.stringify(given)}`)
  return (origins as readonly string[]).map((origin) => origin.replace(/\/+$/, ''))
}

/** @throws TypeError that names the option, what it got and what is valid */
export function dpopSettings(
  given: boolean | DpopOptions,
  issuer: string,
  allowed: readonly SigningAlgorithm[],
): DpopSettings | undefined {
  if (given === false) return undefined
  const options: DpopOptions = given === true ? {} : given
  const { required = false, nonce = 'off', maxAge = 300, nonceLifetime = 300 } = options
  if (typeof required !== 'boolean') throw new TypeError(`dpop.required: must be true or false, got ${required}`)
  if (nonce !== 'off' && nonce !== 'required')
    throw new TypeError(`dpop.nonce: must be 'off' or 'required', got ${JSON.stringify(nonce)}`)
  return {
    required,
    algorithms: proofAlgorithms(
      'dpop.algorithms',
      proofAlgorithms('dpop.algorithms', options.algorithms).filter((name) => allowed.includes(name)),
    ),
    maxAge: seconds('dpop.maxAge', maxAge, 1),
    nonce,
    nonceLifetime: seconds('dpop.nonceLifetime', nonceLifetime, 10),
    resourceOrigins: originsFrom('dpop.resourceOrigin', options.resourceOrigin ?? new URL(issuer).origin),
  }
}
