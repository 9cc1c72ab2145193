import { createProvider, type ProviderOptions } from 'cardea'
import { memoryStore } from 'cardea/stores/memory'
import type { Config } from '../config/schema.ts'
import { optionsFrom } from '../serve/provider-from-config.ts'
import type { AskedProfile } from './check-profile.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** More would be the same mistake again and again. */
const mostConflicts = 30

const unheard = { hash: async () => '', verify: async () => false }

/** Nothing is stored, sent or kept: options are read, and contradictions found. */
const optionsOf = (config: Config): ProviderOptions =>
  optionsFrom({
    config: { ...config, issuer: config.issuer ?? 'https://id.example.com', secrets: ['x'.repeat(32)] },
    store: memoryStore(),
    hasher: unheard,
    clock: { now: () => 0 },
    onEvent: () => undefined,
  })

/** Every contradiction: what stands in the way is left out, and asked again. */
function conflictsIn(options: ProviderOptions): string[] {
  const found: string[] = []
  let left = options
  while (found.length < mostConflicts) {
    try {
      createProvider(left)
      return found
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      found.push(error.message)
      const [name = ''] = error.message.split(/[.:[]/, 1)
      if (!Object.hasOwn(left, name)) return found
      left = Object.fromEntries(Object.entries(left).filter(([option]) => option !== name)) as never
    }
  }
  return found
}

function conflicts(config: Config): string[] {
  try {
    return conflictsIn(optionsOf(config))
  } catch (error) {
    if (error instanceof TypeError) return [error.message]
    throw error
  }
}

/** What a profile would refuse of the configuration itself. */
export function checkProfileSettings(config: Config, { name }: AskedProfile): Finding[] {
  const check = `profile ${name}`
  const found = conflicts({ ...config, preset: name })
  if (found.length === 0) return [ok(check, 'refuses nothing of the configuration')]
  return found.map((message) => {
    const [text = message, ...advice] = message.split('; ')
    // The server does not start with what its own preset refuses.
    return (config.preset === name ? fail : warn)(
      check,
      `refuses the configuration: ${text}`,
      advice.join('; ') || 'correct it',
    )
  })
}
