import { checkOptions } from './check-options.ts'
import type { ProviderOptions } from './options.ts'

/**
 * What is said, and what the preset decides.
 * @throws TypeError that names the option, what it got and what is valid
 */
export function completed(given: ProviderOptions): ProviderOptions {
  checkOptions(given)
  if (given.preset === undefined) return given
  const options = given.preset.complete(given)
  checkOptions(options)
  return options
}
