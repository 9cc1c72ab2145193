import { isServerAlgorithm, serverAlgorithms } from './core/model/server-algorithm.ts'
import { isResourceIdentifier } from './core/rules/resource.ts'
import { shown } from './core/spec/shown.ts'
import type { ProviderOptions } from './options.ts'

const keyOptions = ['algorithm', 'rotateEvery']

function checkKeys({ signingKeys = {} }: ProviderOptions): void {
  const unknown = Object.keys(signingKeys).find((name) => !keyOptions.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`signingKeys: there is no ${shown(unknown)}; valid are ${keyOptions.join(', ')}`)
  const { algorithm = 'ES256', rotateEvery = 3600 } = signingKeys
  if (!isServerAlgorithm(algorithm))
    throw new TypeError(`signingKeys.algorithm: must be one of ${serverAlgorithms.join(', ')}, got ${shown(algorithm)}`)
  if (!Number.isInteger(rotateEvery) || rotateEvery < 3600)
    throw new TypeError(`signingKeys.rotateEvery: must be whole seconds, 3600 or more, got ${shown(rotateEvery)}`)
}

/** @throws TypeError that names the option, what it got and what is valid */
export function checkTokenOptions(options: ProviderOptions): void {
  const { accessTokenFormat = 'opaque', defaultResource, resources = [] } = options
  if (accessTokenFormat !== 'opaque' && accessTokenFormat !== 'jwt')
    throw new TypeError(`accessTokenFormat: must be opaque or jwt, got ${shown(accessTokenFormat)}`)
  if (!Array.isArray(resources)) throw new TypeError(`resources: must be a list, got ${shown(resources)}`)
  if (defaultResource !== undefined && !isResourceIdentifier(defaultResource))
    throw new TypeError(
      `defaultResource: must be an absolute URI without fragment (RFC 8707 §2), got ${shown(defaultResource)}`,
    )
  checkKeys(options)
}
