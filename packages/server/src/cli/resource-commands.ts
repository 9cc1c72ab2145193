import type { Resource, Store } from 'cardea'
import type { Command } from 'commander'
import { resourceFrom } from '../load/from-row.ts'
import { resourceRow } from '../load/rows.ts'
import { checkedRow } from './checked-row.ts'
import { defineCommand, defineGroup, type Outcome, type OutcomeSlot, several } from './define-command.ts'
import { alreadyThere, notFound } from './exit-codes.ts'
import { textRecord, textTable } from './text-table.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

const find = async (store: Store, identifier: string): Promise<Resource | undefined> =>
  (await store.resources.all()).find((resource) => resource.identifier === identifier)

async function mustFind(store: Store, identifier: string): Promise<Resource> {
  const resource = await find(store, identifier)
  if (resource === undefined) throw notFound('resource', identifier)
  return resource
}

const shown = (resource: Resource): Outcome => ({ text: textRecord({ ...resource }), json: resource })

const fields = (command: Command): Command =>
  command
    .option('--name <text>', 'shown on the consent page (a new one: its URI)')
    .option('--scope <name>', 'scope that makes sense there; may be repeated (default: every scope)', several)
    .option('--any-scope', 'every scope makes sense there')
    .option('--token-format <format>', 'opaque or jwt (default: what accessTokenFormat says)')
    .option('--signing-alg <alg>', 'algorithm of its JWTs: ES256, EdDSA, RS256 or PS256 (default: of signingKeys)')
    .option('--lifetime <seconds>', 'its access tokens are valid for no longer than this')
    .option('--no-keep-tokens', 'tokens that machines get are not stored, nor listed (with --token-format jwt)')
    .option('--keep-tokens', 'they are stored, like all others')

/** What is no number is handed on, so that the schema of rows says what is valid. */
const secondsFrom = (value: unknown): unknown =>
  typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value

function rowOf(identifier: string, options: Readonly<Record<string, unknown>>, stored?: Resource): Resource {
  const said = {
    name: options.name,
    scopes: options.scope,
    token_format: options.tokenFormat,
    signing_alg: options.signingAlg,
    access_token_lifetime: secondsFrom(options.lifetime),
    keeps_tokens: options.keepTokens,
  }
  const row: Record<string, unknown> = { ...stored, identifier }
  for (const [field, value] of Object.entries(said)) if (value !== undefined) row[field] = value
  if (options.anyScope === true) delete row.scopes
  return resourceFrom(checkedRow(resourceRow, row))
}

const columns = [
  'identifier',
  'name',
  'scopes',
  'token_format',
  'signing_alg',
  'access_token_lifetime',
  'keeps_tokens',
  'from',
]

export function addResourceCommands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(program, 'resource', 'the protected resources that tokens can be for')
  defineCommand(group, world, slot, {
    usage: 'create <uri>',
    about: 'add a resource; clients name it as `resource`, and it is the audience of its tokens',
    examples: ["cardea resource create https://api.example.com --name 'The API' --scope read --token-format jwt"],
    options: fields,
    run: (invocation) =>
      withStore(invocation, true, async ({ store }) => {
        const [identifier = ''] = invocation.args
        const resource = rowOf(identifier, invocation.options)
        if ((await find(store, identifier)) !== undefined) throw alreadyThere('resource', identifier)
        await store.resources.save(resource)
        return shown(resource)
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'list',
    about: 'list the resources, those of the configuration too',
    examples: ['cardea resource list', 'cardea resource list --json'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store, config }) => {
        const declared = config.resources.map(resourceFrom).map((row) => ({ ...row, from: 'configuration' }))
        const stored = (await store.resources.all()).map((row) => ({ ...row, from: 'database' }))
        const rows = [...declared, ...stored]
        return { text: textTable(columns, rows), json: rows }
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'show <uri>',
    about: 'show a resource of the database',
    examples: ['cardea resource show https://api.example.com'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => shown(await mustFind(store, invocation.args[0] ?? ''))),
  })
  defineCommand(group, world, slot, {
    usage: 'update <uri>',
    about: 'change a resource; what is not given stays',
    examples: ['cardea resource update https://api.example.com --lifetime 300'],
    options: fields,
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const stored = await mustFind(store, invocation.args[0] ?? '')
        const resource = rowOf(stored.identifier, invocation.options, stored)
        await store.resources.save(resource)
        return shown(resource)
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'delete <uri>',
    about: 'delete a resource; its tokens hold until they expire, and are not renewed',
    examples: ['cardea resource delete https://api.example.com'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const [identifier = ''] = invocation.args
        if (!(await store.resources.delete(identifier))) throw notFound('resource', identifier)
        return { text: `deleted resource ${identifier}`, json: { deleted: identifier } }
      }),
  })
}
