import { publicKeyAlgorithms, type SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'

/** RFC 9101: authorization requests that their client has signed. */
export interface RequestObjectsOptions {
  /** Every client must sign its requests. Default false: those that are registered so. */
  readonly required?: boolean
  /** Signature algorithms of clients that registered no `request_object_signing_alg`. Default: all with public keys. */
  readonly algorithms?: readonly SigningAlgorithm[]
  /** Takes `request_uri` too, of the addresses that a client is registered with (`request_uris`). Default true. */
  readonly byReference?: boolean
  /** Publishes keys, and takes objects that are encrypted to them. Default false. */
  readonly encryption?: boolean
  /** Seconds from now, and from `nbf`, until `exp`. Default 3600. */
  readonly maxLifetime?: number
  /** Only objects of the type `oauth-authz-req+jwt`, with `nbf` (RFC 9101 §10.8, FAPI 2.0 Message Signing). Default false. */
  readonly strict?: boolean
  /** An object with a `jti` is good for one answer, unless it comes by reference. Default true. */
  readonly singleUse?: boolean
}

/** What holds once the options are read. */
export type RequestObjectsSettings = Required<RequestObjectsOptions>

export const takesEncryptedObjects = (options: boolean | RequestObjectsOptions | undefined): boolean =>
  typeof options === 'object' && options.encryption === true

const flags = ['required', 'byReference', 'encryption', 'strict', 'singleUse'] as const

function checkAlgorithms(algorithms: readonly SigningAlgorithm[]): void {
  const unknown = algorithms.find((name) => !publicKeyAlgorithms.includes(name))
  if (algorithms.length > 0 && unknown === undefined) return
  throw new TypeError(
    `requestObjects.algorithms: valid are ${publicKeyAlgorithms.join(', ')}, got ${JSON.stringify(unknown ?? algorithms)}`,
  )
}

/** @throws TypeError that names the option, what it got and what is valid */
export function requestObjectsSettings(options: boolean | RequestObjectsOptions): RequestObjectsSettings {
  const settings: RequestObjectsSettings = {
    required: false,
    algorithms: publicKeyAlgorithms,
    byReference: true,
    encryption: false,
    maxLifetime: 3600,
    strict: false,
    singleUse: true,
    ...(typeof options === 'boolean' ? {} : options),
  }
  for (const name of flags) {
    if (typeof settings[name] !== 'boolean')
      throw new TypeError(`requestObjects.${name}: must be true or false, got ${JSON.stringify(settings[name])}`)
  }
  checkAlgorithms(settings.algorithms)
  const { maxLifetime } = settings
  if (!Number.isInteger(maxLifetime) || maxLifetime < 1 || maxLifetime > 86_400)
    throw new TypeError(
      `requestObjects.maxLifetime: must be whole seconds from 1 to 86400, got ${JSON.stringify(maxLifetime)}`,
    )
  return settings
}
