import { migrateSqlite, migrationStatus } from 'cardea/stores/sqlite'
import type { Command } from 'commander'
import { defineCommand, type Invocation, type Outcome, type OutcomeSlot } from './define-command.ts'
import { exitCode, usage } from './exit-codes.ts'
import { configFor, databaseFile } from './with-store.ts'
import type { World } from './world.ts'

async function status(file: string): Promise<Outcome> {
  const { applied, pending, unknown } = await migrationStatus(file)
  const lines = [
    ...applied.filter((name) => !unknown.includes(name)).map((name) => `applied  ${name}`),
    ...pending.map((name) => `pending  ${name}`),
    ...unknown.map((name) => `unknown  ${name} (made by a newer release)`),
  ]
  return {
    text: lines.join('\n'),
    json: { database: file, applied, pending, unknown },
    exitCode: unknown.length > 0 ? exitCode.failed : exitCode.ok,
  }
}

async function migrate(invocation: Invocation): Promise<Outcome> {
  const [action] = invocation.args
  if (action !== undefined && action !== 'status') {
    throw usage(`migrate: got ${JSON.stringify(action)}; must be nothing, or status`)
  }
  const { config } = await configFor(invocation)
  const file = databaseFile(invocation, config)
  if (action === 'status') return status(file)
  const dryRun = invocation.options.dryRun === true
  const applied = await migrateSqlite(file, { dryRun })
  const lines = applied.map((name) => `${dryRun ? 'would apply' : 'applied'}  ${name}`)
  return {
    text: lines.length === 0 ? 'The schema is up to date' : lines.join('\n'),
    json: { database: file, dryRun, applied },
  }
}

export function addMigrateCommand(program: Command, world: World, slot: OutcomeSlot): void {
  defineCommand(program, world, slot, {
    usage: 'migrate [action]',
    about: 'bring the schema of the database up to date, all or nothing; `migrate status` only says what there is',
    examples: ['cardea migrate status', 'cardea migrate --dry-run', 'cardea migrate --database cardea.sqlite'],
    options: (command) => command.option('--dry-run', 'try it, and change nothing'),
    run: migrate,
  })
}
