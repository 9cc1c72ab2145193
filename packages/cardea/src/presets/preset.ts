import { shown } from '../core/spec/shown.ts'
import type { ProviderOptions } from '../options.ts'

/** Several options in one, by name: what it decides holds, and options that say otherwise are refused. */
export interface Preset {
  /** Shown in errors. */
  readonly name: string
  /**
   * The options with what the preset decides.
   * @throws TypeError that names the option and what to change
   */
  complete(options: ProviderOptions): ProviderOptions
}

/** One option of a preset, out of what the host says of it. */
export type Rule<Name extends keyof ProviderOptions = keyof ProviderOptions> = (
  given: ProviderOptions[Name],
  conflict: (where: string, must: string, got: unknown) => TypeError,
) => ProviderOptions[Name]

/** Options that a preset decides. */
export type Rules = { readonly [Name in keyof ProviderOptions]?: Rule<Name> }

/** A preset by a rule for each option that it decides; all others stay as they are. */
export function presetOf(name: string, rules: Rules): Preset {
  const conflict = (where: string, must: string, got: unknown): TypeError =>
    new TypeError(`${where}: must be ${must} with the preset ${name}, got ${shown(got)}; change it or leave it out`)
  return {
    name,
    complete(options) {
      const decided = Object.entries(rules).map(([option, rule]) => {
        const given = options[option as keyof ProviderOptions]
        return [option, (rule as Rule)(given, conflict)] as const
      })
      return { ...options, ...Object.fromEntries(decided.filter(([, value]) => value !== undefined)) }
    },
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Exactly this. */
export const exactly =
  <Name extends keyof ProviderOptions>(name: Name, value: NonNullable<ProviderOptions[Name]>): Rule<Name> =>
  (given, conflict) => {
    if (given === undefined || isSame(given, value)) return value
    throw conflict(name, shown(value), given)
  }

/** This, unless the host says something else. */
export const unlessSaid =
  <Name extends keyof ProviderOptions>(value: ProviderOptions[Name]): Rule<Name> =>
  (given) =>
    given ?? value

/** On, with these members; others are the host's. */
export const on =
  <Name extends keyof ProviderOptions>(name: Name, members: Readonly<Record<string, unknown>>): Rule<Name> =>
  (given, conflict) => {
    if (given === undefined || given === true) return members as ProviderOptions[Name]
    if (typeof given !== 'object' || given === null) throw conflict(name, 'on', given)
    for (const [member, value] of Object.entries(members)) {
      const said = (given as Readonly<Record<string, unknown>>)[member]
      if (said !== undefined && !isSame(said, value)) throw conflict(`${name}.${member}`, shown(value), said)
    }
    return { ...given, ...members } as ProviderOptions[Name]
  }

/** Algorithms out of these; all of them where the host says nothing. */
export const among =
  <Name extends keyof ProviderOptions>(name: Name, algorithms: readonly string[], rest: Rule<Name>): Rule<Name> =>
  (given, conflict) => {
    const decided = rest(given, conflict) as Readonly<Record<string, unknown>>
    const said = (decided.algorithms ?? algorithms) as readonly string[]
    const weak = said.find((algorithm) => !algorithms.includes(algorithm))
    if (weak !== undefined) throw conflict(`${name}.algorithms`, `out of ${algorithms.join(', ')}`, weak)
    return { ...decided, algorithms: said } as ProviderOptions[Name]
  }
