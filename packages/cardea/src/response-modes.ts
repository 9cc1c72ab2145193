import type { ResponseMode, ResponseModeName } from './oauth2/authorize/response-mode.ts'
import type { ProviderOptions } from './options.ts'

/** Every mode there is, the host's own included. */
export function modesFrom(
  { responseModes = [] }: ProviderOptions,
  builtIn: readonly ResponseMode[],
): readonly ResponseMode[] {
  const own = responseModes.filter((mode) => typeof mode !== 'string')
  const all = [...builtIn, ...own]
  const twice = own.find(({ name }) => all.filter((mode) => mode.name === name).length > 1)
  if (twice !== undefined) throw new TypeError(`responseModes: ${JSON.stringify(twice.name)} is there twice`)
  return all
}

/** Names of those that requests may ask for. */
export function enabledModes(
  { responseModes }: ProviderOptions,
  all: readonly ResponseMode[],
): readonly ResponseModeName[] {
  const known = all.map(({ name }) => name)
  const names = responseModes?.map((mode) => (typeof mode === 'string' ? mode : mode.name))
  const unknown = names?.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`responseModes: there is no ${JSON.stringify(unknown)}; valid are ${known.join(', ')}`)
  }
  return names ?? known
}
