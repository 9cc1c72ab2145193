import { parseArgs } from 'node:util'

export const parts = ['check', 'unit', 'browser', 'interop'] as const
export type Part = (typeof parts)[number]

export interface Wanted {
  readonly parts: ReadonlySet<Part>
  /** Substrings of paths; empty means every file. */
  readonly patterns: readonly string[]
}

export const usage = `npm test [-- [--only ${parts.join('|')}] [--without ${parts.join('|')}] [PATH…]]`

/** Reads `--only`, `--without` (each may repeat) and paths. Paths alone leave the checks out. Throws TypeError. */
export function wantedFrom(args: readonly string[]): Wanted {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true }, without: { type: 'string', multiple: true } },
  })
  const only = (values.only ?? []).map(partFrom)
  const without = (values.without ?? []).map(partFrom)
  const chosen = only.length > 0 ? only : parts.filter((part) => positionals.length === 0 || part !== 'check')
  const patterns = positionals.map((path) => path.replace(/^\.\//, ''))
  return { parts: new Set(chosen.filter((part) => !without.includes(part))), patterns }
}

function partFrom(word: string): Part {
  const part = parts.find((name) => name === word)
  if (part === undefined) throw new TypeError(`"${word}" is not a part of the tests: ${parts.join(', ')}`)
  return part
}
