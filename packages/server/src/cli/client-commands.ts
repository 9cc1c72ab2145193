import { type Client, hashClientSecret, mintClientSecret, type Store } from 'cardea'
import type { Command } from 'commander'
import { clientFrom, rowFrom } from '../load/from-row.ts'
import { clientRowProblem } from '../load/plan.ts'
import type { ClientRow } from '../load/rows.ts'
import { addClientOptions, rowFromOptions } from './client-options.ts'
import { defineCommand, defineGroup, type Invocation, type Outcome, type OutcomeSlot } from './define-command.ts'
import { everyRow } from './every-page.ts'
import { alreadyThere, notFound, usage } from './exit-codes.ts'
import { clientSecretSource, givenSecret } from './secret-input.ts'
import { textRecord, textTable } from './text-table.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

/** A client as it may be shown: whether it has a secret, never its hash. */
export function clientView({ client_secret_hash: hash, ...client }: Client) {
  return { ...client, has_secret: hash !== undefined }
}

async function mustFind(store: Store, clientId: string): Promise<Client> {
  const client = await store.clients.find(clientId)
  if (client === undefined) throw notFound('client', clientId)
  return client
}

interface Save {
  readonly invocation: Invocation
  readonly store: Store
  readonly row: ClientRow
  readonly stored: Client | undefined
  /** A secret is made when none is given. */
  readonly mint: boolean
}

/** Checks and stores the client; a secret that was made is in the outcome, this one time. */
async function save({ invocation, store, row, stored, mint }: Save): Promise<Outcome> {
  const { world, options } = invocation
  const isPublic = row.token_endpoint_auth_method === 'none'
  const given = await givenSecret(world, options, clientSecretSource)
  if (isPublic && given !== undefined) throw usage('A public client has no secret')
  const made = !isPublic && given === undefined && mint ? mintClientSecret() : undefined
  const secret = given ?? made
  const known = (await store.scopes.all()).map(({ name }) => name)
  const problem = await clientRowProblem(store, secret === undefined ? row : { ...row, client_secret: secret }, known)
  if (problem !== undefined) throw usage(`client ${row.client_id}: ${problem}`)
  const client = clientFrom(row, stored, world.clock.now())
  const hash = secret === undefined ? {} : { client_secret_hash: await hashClientSecret(world.hasher, secret) }
  const saved = { ...client, ...hash }
  await store.clients.save(saved)
  const view = clientView(saved)
  if (made === undefined) return { text: textRecord(view), json: view }
  const once = '\n\nThis is the only time the secret is shown.'
  return { text: `${textRecord({ ...view, client_secret: made })}${once}`, json: { ...view, client_secret: made } }
}

function addWritingCommands(group: Command, world: World, slot: OutcomeSlot): void {
  defineCommand(group, world, slot, {
    usage: 'create <client_id>',
    about: 'register a client; a secret is made and shown once, unless one is given or the client is public',
    examples: [
      'cardea client create shop --redirect-uri https://shop.example/callback --grant authorization_code --grant refresh_token',
      'cardea client create robot --grant client_credentials',
      'cardea client create phone-app --public --native --redirect-uri com.example.app:/callback',
    ],
    options: addClientOptions,
    run: (invocation) =>
      withStore(invocation, true, async ({ store }) => {
        const [client_id = ''] = invocation.args
        const row = rowFromOptions({ client_id }, invocation.options)
        if ((await store.clients.find(client_id)) !== undefined) throw alreadyThere('client', client_id)
        return save({ invocation, store, row, stored: undefined, mint: true })
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'update <client_id>',
    about: 'change a client; what is not given stays, lists are replaced',
    examples: [
      'cardea client update shop --name "The shop" --scope "read write"',
      'cardea client update shop --rotate-secret',
    ],
    options: (command) =>
      addClientOptions(command)
        .option('--rotate-secret', 'make a new secret and show it once; the old one ends')
        .option('--disable', 'end everything it was issued, and let it do nothing')
        .option('--enable', 'undo --disable'),
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const stored = await mustFind(store, invocation.args[0] ?? '')
        const row = rowFromOptions(rowFrom(stored), invocation.options)
        const mint = invocation.options.rotateSecret === true
        if (mint && row.token_endpoint_auth_method === 'none') throw usage('A public client has no secret')
        return save({ invocation, store, row, stored, mint: mint || stored.client_secret_hash === undefined })
      }),
  })
}

export function addClientCommands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(program, 'client', 'applications that may ask for tokens')
  addWritingCommands(group, world, slot)
  defineCommand(group, world, slot, {
    usage: 'list',
    about: 'list the clients',
    examples: ['cardea client list', "cardea client list --json | jq '.[].client_id'"],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const rows = await everyRow(
          (page) => store.clients.list(page),
          (row) => row.client_id,
        )
        const columns = ['client_id', 'client_name', 'token_endpoint_auth_method', 'grant_types', 'disabled']
        return {
          text: textTable(
            columns,
            rows.map((row) => ({ ...row })),
          ),
          json: rows.map(clientView),
        }
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'show <client_id>',
    about: 'show a client',
    examples: ['cardea client show shop'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const view = clientView(await mustFind(store, invocation.args[0] ?? ''))
        return { text: textRecord(view), json: view }
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'delete <client_id>',
    about: 'delete a client and everything issued to it',
    examples: ['cardea client delete shop'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const [clientId = ''] = invocation.args
        if (!(await store.clients.delete(clientId))) throw notFound('client', clientId)
        return { text: `deleted client ${clientId} and everything issued to it`, json: { deleted: clientId } }
      }),
  })
}
