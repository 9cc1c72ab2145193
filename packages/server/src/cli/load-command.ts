import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Change } from '../load/change.ts'
import { loadRows } from '../load/load-rows.ts'
import { planOf } from '../load/plan.ts'
import { defineCommand, type OutcomeSlot } from './define-command.ts'
import { printable } from './text-table.ts'
import { clientSecretsOf, oauth1SecretsOf, withStore } from './with-store.ts'
import type { World } from './world.ts'

export const changeLine = ({ action, kind, key, fields }: Change): string =>
  `${action.padEnd(9)}  ${kind} ${printable(key)}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}`

const count = (changes: readonly Change[], action: Change['action']): number =>
  changes.filter((change) => change.action === action).length

export function summaryOf(changes: readonly Change[]) {
  return {
    created: count(changes, 'created'),
    updated: count(changes, 'updated'),
    unchanged: count(changes, 'unchanged'),
  }
}

export function addLoadCommand(program: Command, world: World, slot: OutcomeSlot): void {
  defineCommand(program, world, slot, {
    usage: 'load <file>',
    about: 'create or bring up to date the clients, users and scopes of a YAML or JSON file; nothing is deleted',
    examples: ['cardea load rows.yaml --dry-run', 'cardea load rows.yaml', 'cardea load rows.json --json'],
    options: (command) => command.option('--dry-run', 'say what would change, change nothing'),
    async run(invocation) {
      const [file = ''] = invocation.args
      const dryRun = invocation.options.dryRun === true
      const { readRowsFile } = await import('../load/rows-file.ts')
      const located = readRowsFile(resolve(world.cwd, file), file)
      return withStore(invocation, !dryRun, async ({ store, config }) => {
        const { hasher, clock } = world
        const context = {
          store,
          hasher,
          now: clock.now(),
          oauth1Secrets: oauth1SecretsOf(config),
          clientSecrets: clientSecretsOf(config),
        }
        const changes = await (dryRun ? planOf : loadRows)(context, located)
        const summary = summaryOf(changes)
        const { created, updated, unchanged } = summary
        const total = `${created} created, ${updated} updated, ${unchanged} unchanged`
        return {
          text: [...changes.map(changeLine), dryRun ? `${total} (dry run: nothing was changed)` : total].join('\n'),
          json: {
            dryRun,
            ...summary,
            changes: changes.map(({ kind, key, action, fields }) => ({ kind, key, action, fields })),
          },
        }
      })
    },
  })
}
