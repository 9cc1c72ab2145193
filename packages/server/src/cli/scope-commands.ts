import type { Scope, Store } from 'cardea'
import type { Command } from 'commander'
import { scopeFrom } from '../load/from-row.ts'
import { scopeRow } from '../load/rows.ts'
import { checkedRow } from './checked-row.ts'
import { defineCommand, defineGroup, type Outcome, type OutcomeSlot, textOf } from './define-command.ts'
import { alreadyThere, notFound } from './exit-codes.ts'
import { textRecord, textTable } from './text-table.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

const find = async (store: Store, name: string): Promise<Scope | undefined> =>
  (await store.scopes.all()).find((scope) => scope.name === name)

async function mustFind(store: Store, name: string): Promise<Scope> {
  const scope = await find(store, name)
  if (scope === undefined) throw notFound('scope', name)
  return scope
}

const shown = (scope: Scope): Outcome => ({ text: textRecord({ ...scope }), json: scope })

const fields = (command: Command): Command =>
  command
    .option('--description <text>', 'shown on the consent page')
    .option('--default', 'granted when a request names no scope')
    .option('--no-default', 'not granted unless asked for')

function rowOf(name: string, options: Readonly<Record<string, unknown>>, stored?: Scope) {
  const description = textOf(options.description) ?? stored?.description
  const isDefault = options.default ?? stored?.is_default
  return checkedRow(scopeRow, {
    name,
    ...(description !== undefined && { description }),
    ...(isDefault !== undefined && { is_default: isDefault }),
  })
}

export function addScopeCommands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(program, 'scope', 'the access ranges that clients can ask for')
  defineCommand(group, world, slot, {
    usage: 'create <name>',
    about: 'add a scope',
    examples: ["cardea scope create read --description 'Read your files' --default"],
    options: fields,
    run: (invocation) =>
      withStore(invocation, true, async ({ store }) => {
        const [name = ''] = invocation.args
        const scope = scopeFrom(rowOf(name, invocation.options))
        if ((await find(store, name)) !== undefined) throw alreadyThere('scope', name)
        await store.scopes.save(scope)
        return shown(scope)
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'list',
    about: 'list the scopes',
    examples: ['cardea scope list', 'cardea scope list --json'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const rows = await store.scopes.all()
        return {
          text: textTable(
            ['name', 'is_default', 'description'],
            rows.map((row) => ({ ...row })),
          ),
          json: rows,
        }
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'show <name>',
    about: 'show a scope',
    examples: ['cardea scope show read'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => shown(await mustFind(store, invocation.args[0] ?? ''))),
  })
  defineCommand(group, world, slot, {
    usage: 'update <name>',
    about: 'change a scope; what is not given stays',
    examples: ['cardea scope update read --no-default'],
    options: fields,
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const stored = await mustFind(store, invocation.args[0] ?? '')
        const scope = scopeFrom(rowOf(stored.name, invocation.options, stored))
        await store.scopes.save(scope)
        return shown(scope)
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'delete <name>',
    about: 'delete a scope; tokens that hold it keep it until they expire',
    examples: ['cardea scope delete read'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const [name = ''] = invocation.args
        if (!(await store.scopes.delete(name))) throw notFound('scope', name)
        return { text: `deleted scope ${name}`, json: { deleted: name } }
      }),
  })
}
