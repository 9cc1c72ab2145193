import type { Engine } from './core/ports/engine.ts'
import type { Extension } from './extension.ts'
import { ofAll } from './extensions.ts'
import { clientAuthMethodNames, clientAuthMethods } from './oauth2/client-auth/methods.ts'
import type { ProviderOptions } from './options.ts'

/** @throws TypeError for a method there is not */
export function enabledAuthMethods(engine: Engine, options: ProviderOptions, extensions: readonly Extension[]) {
  const { authMethods, clientAuthMethods: own = [] } = options
  const all = clientAuthMethods(engine.hasher, [...ofAll(extensions, 'clientAuthMethods'), ...own])
  // Of those that a preset allows, a server need not have all.
  const known = new Set([...clientAuthMethodNames, ...own.map(({ name }) => name)])
  const unknown = authMethods?.find((name) => !known.has(name))
  if (unknown !== undefined)
    throw new TypeError(`authMethods: there is no ${JSON.stringify(unknown)}; valid are ${[...known].join(', ')}`)
  return authMethods === undefined ? all : all.filter(({ name }) => authMethods.includes(name))
}
