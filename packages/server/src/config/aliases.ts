import { isMap } from './config-file.ts'

/** Settings of django-oauth2-server, under the names that project gave them, and what they are called here. */
export const aliases = {
  ACCESS_TOKEN_LIFETIME: 'lifetimes.accessToken',
  AUTH_CODE_LIFETIME: 'lifetimes.authorizationCode',
  REFRESH_TOKEN_LIFETIME: 'lifetimes.refreshToken',
  IGNORE_CLIENT_REQUESTED_SCOPE: 'ignoreClientRequestedScope',
} as const

const longestCode = 600

export interface WithoutAliases {
  readonly input: Record<string, unknown>
  /** Where a value came from, by the key it is now under. */
  readonly sources: ReadonlyMap<string, string>
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

/** Moves `OAUTH2_SERVER.*` to the keys they stand for. Setting both is a contradiction, not a preference. */
export function withoutAliases(file: Readonly<Record<string, unknown>>): WithoutAliases {
  const { OAUTH2_SERVER: block, ...rest } = file
  const input: Record<string, unknown> = rest
  const sources = new Map<string, string>()
  const problems: string[] = []
  const warnings: string[] = []
  if (block === undefined) return { input, sources, problems, warnings }
  if (!isMap(block)) return { input, sources, problems: ['OAUTH2_SERVER: must be a map'], warnings }
  for (const [name, value] of Object.entries(block)) {
    const key = Object.hasOwn(aliases, name) ? aliases[name as keyof typeof aliases] : undefined
    if (key === undefined) {
      problems.push(`OAUTH2_SERVER.${name}: is not a key; valid: ${Object.keys(aliases).join(', ')}`)
      continue
    }
    const [first = '', second] = key.split('.')
    const holder = second === undefined ? input : { ...(isMap(input[first]) ? input[first] : {}) }
    const place = second ?? first
    if (Object.hasOwn(holder, place)) {
      problems.push(`OAUTH2_SERVER.${name}: set this or ${key}, not both`)
      continue
    }
    holder[place] = value
    if (name === 'AUTH_CODE_LIFETIME' && typeof value === 'number' && value > longestCode) {
      // RFC 6749 §4.1.2: ten minutes at most. An old configuration keeps working, with the safer value.
      holder[place] = longestCode
      warnings.push(
        `OAUTH2_SERVER.${name}: ${value} is more than a code may live; ${longestCode} is used (RFC 6749 §4.1.2)`,
      )
    }
    if (second !== undefined) input[first] = holder
    sources.set(key, `OAUTH2_SERVER.${name}`)
  }
  return { input, sources, problems, warnings }
}
