import { StorageUnavailable } from 'cardea'
import { Command, CommanderError } from 'commander'
import { InvalidInput } from '../config/problems.ts'
import { NotUndone } from '../load/apply.ts'
import { addClientCommands } from './client-commands.ts'
import type { OutcomeSlot } from './define-command.ts'
import { addDemoCommand } from './demo-command.ts'
import { addDoctorCommand } from './doctor-command.ts'
import { CommandFailure, exitCode } from './exit-codes.ts'
import { addKeyCommands } from './key-commands.ts'
import { addLoadCommand } from './load-command.ts'
import { addMigrateCommand } from './migrate-command.ts'
import { addOAuth1Commands } from './oauth1-commands.ts'
import { addRegistrationTokenCommands } from './registration-token-commands.ts'
import { addResourceCommands } from './resource-commands.ts'
import { addScopeCommands } from './scope-commands.ts'
import { addSecretCommands } from './secret-commands.ts'
import { addServeCommand } from './serve-command.ts'
import { printable } from './text-table.ts'
import { addTokenCommands } from './token-commands.ts'
import { addUserCommands } from './user-commands.ts'
import type { World } from './world.ts'

/** Adds commands to the program. */
export type CommandGroup = (program: Command, world: World, slot: OutcomeSlot) => void

const groups: readonly CommandGroup[] = [
  addServeCommand,
  addDemoCommand,
  addClientCommands,
  addUserCommands,
  addScopeCommands,
  addResourceCommands,
  addTokenCommands,
  addRegistrationTokenCommands,
  addKeyCommands,
  addSecretCommands,
  addOAuth1Commands,
  addLoadCommand,
  addMigrateCommand,
  addDoctorCommand,
]

const exitCodes = `
Exit codes:
  0  done
  1  tried and failed (storage, network, a check of doctor)
  2  wrong usage, or an invalid value or configuration; nothing was started or changed
  3  there is no such row or file
  4  it is there already`

function programFor(world: World, slot: OutcomeSlot, version: string): Command {
  const program = new Command('cardea')
    .description('Cardea: an OAuth 2.0 authorization server')
    .version(version)
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
    })
    .addHelpText('after', exitCodes)
  for (const add of groups) add(program, world, slot)
  return program
}

/** What an error is to the person at the terminal: lines without a stack, and the code the process ends with. */
export function failureLines(error: unknown): { readonly lines: readonly string[]; readonly code: number } {
  if (error instanceof CommandFailure) return { lines: error.message.split('\n'), code: error.code }
  if (error instanceof InvalidInput) return { lines: error.problems, code: exitCode.usage }
  if (error instanceof NotUndone || error instanceof StorageUnavailable) {
    return { lines: [error.message], code: exitCode.failed }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { lines: [message.split('\n', 1)[0] ?? ''], code: exitCode.failed }
}

/** A file in which every row is wrong in the same way must not push the first lines out of the terminal. */
const mostLines = 50

/** Runs one command line. Returns what the process should end with; never throws. */
export async function run(argv: readonly string[], world: World, version: string): Promise<number> {
  const slot: OutcomeSlot = { outcome: undefined, asJson: false }
  try {
    await programFor(world, slot, version).parseAsync([...argv], { from: 'user' })
  } catch (error) {
    // Commander has written its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
    const { lines, code } = failureLines(error)
    for (const line of lines.slice(0, mostLines)) world.stderr.write(`error: ${printable(line)}\n`)
    if (lines.length > mostLines) world.stderr.write(`error: … and ${lines.length - mostLines} more\n`)
    return code
  }
  const { outcome, asJson } = slot
  if (outcome === undefined) return exitCode.ok
  world.stdout.write(`${asJson ? JSON.stringify(outcome.json, null, 2) : outcome.text}\n`)
  return outcome.exitCode ?? exitCode.ok
}
