import type { Command } from 'commander'
import type { World } from './world.ts'

/** What a command has to say, for people and for programs. */
export interface Outcome {
  readonly text: string
  /** Printed as one document with `--json`. */
  readonly json: unknown
  readonly exitCode?: number
}

export interface Invocation {
  readonly world: World
  readonly args: readonly string[]
  /** By camelCase name; of commander, so what is in it is up to the options of the command. */
  readonly options: Readonly<Record<string, unknown>>
}

export interface CommandSpec {
  /** Name and arguments: `create <client_id>`. */
  readonly usage: string
  readonly about: string
  readonly examples: readonly string[]
  /** Adds the command's own options. */
  readonly options?: (command: Command) => Command
  /** Without `--config` and `--database`: it has its own. */
  readonly selfContained?: boolean
  /** Undefined: everything was said already. */
  run(invocation: Invocation): Promise<Outcome | undefined>
}

/** Where the outcome of the one command that runs ends up. */
export interface OutcomeSlot {
  outcome: Outcome | undefined
  /** `--json` was given. */
  asJson: boolean
}

const addPlaces = (command: Command): Command =>
  command
    .option('--config <file>', 'configuration file (default: CARDEA_CONFIG, else cardea.config.* in this folder)')
    .option('--database <file>', 'SQLite database file (default: database.file of the configuration)')

/** Adds one command, with the options every command has. */
export function defineCommand(parent: Command, world: World, slot: OutcomeSlot, spec: CommandSpec): void {
  const command = parent.command(spec.usage).description(spec.about)
  spec.options?.(command)
  command.option('--json', 'print one JSON document on standard output')
  if (spec.selfContained !== true) addPlaces(command)
  command.addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  $ ${line}`).join('\n')}`)
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, -2).filter((arg): arg is string => typeof arg === 'string')
    slot.asJson = command.opts().json === true
    slot.outcome = await spec.run({ world, args, options: command.opts() })
  })
}

/** A group such as `client`, whose commands are defined below it. */
export const defineGroup = (parent: Command, name: string, about: string): Command =>
  parent.command(name).description(about)

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Collects an option that may be given several times. */
export const several = (value: string, previous: readonly string[] = []): string[] => [...previous, value]
