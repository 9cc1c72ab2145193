import { parseArgs } from 'node:util'

export interface BenchArguments {
  /** Where to write the rows, or undefined. */
  readonly json: string | undefined
  readonly only: readonly string[]
  readonly servers: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly port: number
  readonly help: boolean
}

/** What can be named. The extra workloads run only when they are named. */
export interface Vocabulary {
  readonly workloads: readonly string[]
  readonly extraWorkloads: readonly string[]
  readonly servers: readonly string[]
}

/** An argument that cannot be used; its message says what it got and what is valid. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError'
}

/** Reads the command line. Throws {@link ArgumentError}. */
export function readArguments(args: readonly string[], vocabulary: Vocabulary): BenchArguments {
  const values = parse(args)
  return {
    json: values.json,
    only: names('--only', values.only, vocabulary.workloads, [...vocabulary.workloads, ...vocabulary.extraWorkloads]),
    servers: names('--servers', values.servers, vocabulary.servers, vocabulary.servers),
    rounds: number('--rounds', values.rounds, 5, { least: 1, most: 1000, whole: true }),
    seconds: number('--seconds', values.seconds, 0.5, { least: 0.1, most: 3600, whole: false }),
    port: number('--port', values.port, 24_000, { least: 1024, most: 65_000, whole: true }),
    help: values.help === true,
  }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const options = {
    json: text,
    only: text,
    servers: text,
    rounds: text,
    seconds: text,
    port: text,
    help: { type: 'boolean' },
  } as const
  try {
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error))
  }
}

function names(
  option: string,
  text: string | undefined,
  all: readonly string[],
  valid: readonly string[],
): readonly string[] {
  if (text === undefined) return all
  const named = text.split(',').map((name) => name.trim())
  const unknown = named.find((name) => !valid.includes(name))
  if (unknown !== undefined)
    throw new ArgumentError(`${option}: no such name '${unknown}'; valid are ${valid.join(', ')}`)
  return valid.filter((name) => named.includes(name))
}

interface Range {
  readonly least: number
  readonly most: number
  readonly whole: boolean
}

function number(option: string, text: string | undefined, standard: number, { least, most, whole }: Range): number {
  if (text === undefined) return standard
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    const kind = whole ? 'a whole number' : 'a number'
    throw new ArgumentError(`${option}: got '${text}', needs ${kind} from ${least} to ${most}`)
  }
  return value
}
