import type { MakeExtension } from './extension.ts'

/**
 * They stand in requests and challenges with blanks between.
 * @throws TypeError that names the option and what is valid
 */
export function acrValuesFrom(values: readonly string[] | undefined): readonly string[] | undefined {
  if (values === undefined) return undefined
  const isName = (acr: unknown): boolean => typeof acr === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(acr)
  if (Array.isArray(values) && values.length > 0 && values.every(isName)) return values
  throw new TypeError(`acrValues: must be a list of names without blanks, got ${JSON.stringify(values)}`)
}

/** RFC 9470 §7: clients learn which classes of sign-ins there are. */
export const stepUp: MakeExtension = ({ engine: { settings } }) => ({
  metadata: () => (settings.acrValues === undefined ? {} : { acr_values_supported: settings.acrValues }),
})
