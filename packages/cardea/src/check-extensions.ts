import { shown } from './core/spec/shown.ts'
import type { Endpoint } from './oauth2/endpoint.ts'
import type { ProviderOptions } from './options.ts'

const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Names stand in logs, events and URLs' queries, as they are. */
const name = /^[A-Za-z][A-Za-z0-9._-]{0,63}$/

function listOf(option: string, value: unknown): readonly unknown[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new TypeError(`${option}: must be a list, got ${shown(value)}`)
  return value
}

function checkEndpoint(given: unknown): void {
  const endpoint = (given ?? {}) as Partial<Endpoint>
  if (typeof endpoint.name !== 'string' || !name.test(endpoint.name))
    throw new TypeError(`endpoints: name must be a word such as userinfo, got ${shown(endpoint.name)}`)
  const methods = Object.entries(endpoint.methods ?? {})
  const areHandlers = methods.every(([method, handle]) => httpMethods.includes(method) && typeof handle === 'function')
  if (methods.length === 0 || !areHandlers)
    throw new TypeError(`endpoints.${endpoint.name}: methods must hold functions by ${httpMethods.join(', ')}`)
  const asks = endpoint.clientAuthentication ?? false
  if (typeof asks !== 'boolean' && asks !== 'confidential')
    throw new TypeError(`endpoints.${endpoint.name}: clientAuthentication must be true, false or 'confidential'`)
}

function checkMode(mode: unknown): void {
  if (typeof mode === 'string') return
  const { name: wanted, respond } = (mode ?? {}) as { name?: unknown; respond?: unknown }
  if (typeof wanted !== 'string' || !name.test(wanted) || typeof respond !== 'function')
    throw new TypeError(`responseModes: must be names or { name, respond }, got ${shown(mode)}`)
}

function checkTexts({ tokenGenerators = {}, tokenLengths = {} }: ProviderOptions, known: readonly string[]): void {
  for (const [grantType, generate] of Object.entries(tokenGenerators)) {
    if (!known.includes(grantType))
      throw new TypeError(`tokenGenerators: there is no ${shown(grantType)}; valid are ${known.join(', ')}`)
    if (typeof generate !== 'function') throw new TypeError(`tokenGenerators.${grantType}: must be a function`)
  }
  for (const [kind, length] of Object.entries(tokenLengths)) {
    if (!['access', 'refresh'].includes(kind))
      throw new TypeError(`tokenLengths: there is no ${shown(kind)}; valid are access, refresh`)
    if (!Number.isInteger(length) || length < 32 || length > 512)
      throw new TypeError(`tokenLengths.${kind}: must be 32 to 512 characters, got ${shown(length)}`)
  }
}

/**
 * What hosts add of their own, once it is known which grants there are.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function checkExtensions(options: ProviderOptions, grantTypes: readonly string[]): void {
  for (const endpoint of listOf('endpoints', options.endpoints)) checkEndpoint(endpoint)
  for (const mode of listOf('responseModes', options.responseModes)) checkMode(mode)
  checkTexts(options, ['default', 'implicit', ...grantTypes])
  const lasting = ['implicit', ...grantTypes]
  const unknown = Object.keys(options.lifetimes?.perGrant ?? {}).find((type) => !lasting.includes(type))
  if (unknown !== undefined)
    throw new TypeError(`lifetimes.perGrant: there is no ${shown(unknown)}; valid are ${lasting.join(', ')}`)
}
