import {
  isSigningAlgorithm,
  publicKeyAlgorithms,
  type SigningAlgorithm,
  secretKeyAlgorithms,
} from './core/crypto/jose/algorithms.ts'
import { serverAlgorithms } from './core/model/server-algorithm.ts'
import type { Settings } from './core/ports/settings.ts'
import { shown } from './core/spec/shown.ts'
import type { MakeExtension } from './extension.ts'
import type { ProviderOptions } from './options.ts'

const all: readonly SigningAlgorithm[] = [...publicKeyAlgorithms, ...secretKeyAlgorithms]

/** Where nothing is left, everybody would be refused without a word at the start. */
function mustShare(option: string, given: unknown, allowed: readonly SigningAlgorithm[]): void {
  const algorithms: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, 'algorithms') : undefined
  if (!Array.isArray(algorithms) || algorithms.length === 0 || algorithms.some((name) => allowed.includes(name))) return
  throw new TypeError(
    `${option}.algorithms: none of ${algorithms.join(', ')} is among signatureAlgorithms, ${allowed.join(', ')}`,
  )
}

/**
 * What JWTs may be signed with, by anybody and by the server.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function signatureSettings({
  clientAssertions,
  requestObjects,
  resources = [],
  signatureAlgorithms = all,
  signingKeys = {},
}: ProviderOptions): Pick<Settings, 'serverAlgorithms' | 'signatureAlgorithms'> {
  const wrong = Array.isArray(signatureAlgorithms)
    ? signatureAlgorithms.find((name) => !isSigningAlgorithm(name))
    : signatureAlgorithms
  if (wrong !== undefined)
    throw new TypeError(`signatureAlgorithms: must be names out of ${all.join(', ')}, got ${shown(wrong)}`)
  const { algorithm = 'ES256' } = signingKeys
  const isAmong = (name: SigningAlgorithm): boolean => signatureAlgorithms.includes(name)
  if (!isAmong(algorithm))
    throw new TypeError(
      `signatureAlgorithms: must hold ${algorithm}, which the server signs with; add it, or change signingKeys.algorithm`,
    )
  const unfit = resources.findIndex(({ signing_alg: name }) => isSigningAlgorithm(name) && !isAmong(name))
  if (unfit !== -1)
    throw new TypeError(
      `resources[${unfit}].signing_alg: must be among signatureAlgorithms, ${signatureAlgorithms.join(', ')}`,
    )
  mustShare('clientAssertions', clientAssertions, signatureAlgorithms)
  mustShare('requestObjects', requestObjects, signatureAlgorithms)
  return { signatureAlgorithms, serverAlgorithms: serverAlgorithms.filter(isAmong) }
}

/** RFC 9701 §7, where the endpoint that says it is ours. */
export const signatureAlgorithms: MakeExtension = ({ engine }) => ({
  metadata: ({ introspection_signing_alg_values_supported: said }) =>
    said === undefined ? {} : { introspection_signing_alg_values_supported: engine.settings.serverAlgorithms },
})
