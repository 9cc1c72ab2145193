import type { Client, Store } from 'cardea'
import type { Command } from 'commander'
import { clientFrom, rowFrom } from '../load/from-row.ts'
import { secretKindOf } from '../load/secret-kind.ts'
import { addClientOptions, rowFromOptions } from './client-options.ts'
import { clientText, clientView } from './client-view.ts'
import { defineCommand, defineGroup, type OutcomeSlot } from './define-command.ts'
import { everyRow } from './every-page.ts'
import { alreadyThere, notFound, usage } from './exit-codes.ts'
import { saveClient, withoutSecret } from './save-client.ts'
import { textRecord, textTable } from './text-table.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

async function mustFind(store: Store, clientId: string): Promise<Client> {
  const client = await store.clients.find(clientId)
  if (client === undefined) throw notFound('client', clientId)
  return client
}

function addWritingCommands(group: Command, world: World, slot: OutcomeSlot): void {
  defineCommand(group, world, slot, {
    usage: 'create <client_id>',
    about: 'register a client; a secret is made and shown once, unless one is given or the client is public',
    examples: [
      'cardea client create shop --redirect-uri https://shop.example/callback --grant authorization_code --grant refresh_token',
      'cardea client create robot --grant client_credentials',
      'cardea client create phone-app --public --native --redirect-uri com.example.app:/callback',
      'cardea client create television --device --public',
      'cardea client create old-shop --oauth1 --callback https://shop.example/oauth1-callback',
      'cardea client create printer --oauth1 --callback oob --rsa-key printer.pem --signature-method RSA-SHA256',
    ],
    options: addClientOptions,
    run: (invocation) =>
      withStore(invocation, true, async ({ store, config }) => {
        const [client_id = ''] = invocation.args
        const row = rowFromOptions({ client_id }, invocation)
        if ((await store.clients.find(client_id)) !== undefined) throw alreadyThere('client', client_id)
        const mintShared = row.oauth1 !== undefined && row.oauth1.public_key === undefined
        return saveClient({ invocation, store, config, row, stored: undefined, mint: true, mintShared })
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
        .option('--rotate-oauth1-secret', 'the same with the secret of OAuth 1')
        .option('--no-oauth1', 'it speaks OAuth 1 no more')
        .option('--disable', 'end everything it was issued, and let it do nothing')
        .option('--enable', 'undo --disable'),
    run: (invocation) =>
      withStore(invocation, false, async ({ store, config }) => {
        const { options } = invocation
        const stored = await mustFind(store, invocation.args[0] ?? '')
        const row = rowFromOptions(rowFrom(stored), invocation)
        const rotates = options.rotateSecret === true
        const client = clientFrom(row, stored, 0)
        if (rotates && secretKindOf(client) === 'none') throw usage(withoutSecret(client))
        const rotatesShared = options.rotateOauth1Secret === true
        if (rotatesShared && row.oauth1 === undefined) throw usage('This client does not speak OAuth 1: see --oauth1')
        const needsShared = stored.oauth1?.sealed_secret === undefined && row.oauth1?.public_key === undefined
        const mint = rotates || (client.client_secret_hash ?? client.sealed_secret) === undefined
        return saveClient({ invocation, store, config, row, stored, mint, mintShared: rotatesShared || needsShared })
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
        const general = ['client_id', 'client_name', 'token_endpoint_auth_method', 'grant_types', 'oauth1', 'disabled']
        const isRegistered = rows.some((row) => row.registration_policy !== undefined)
        const columns = isRegistered ? [...general, 'registration_policy', 'unapproved'] : general
        return {
          text: textTable(
            columns,
            rows.map((row) => ({ ...row, oauth1: row.oauth1 === undefined ? undefined : 'yes' })),
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
        return { text: textRecord(clientText(view)), json: view }
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'approve <client_id>',
    about: 'answer for a client that registered itself, as it is now: errors are redirected to it at once',
    examples: ['cardea client approve 2hTkLr0Q'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const found = await mustFind(store, invocation.args[0] ?? '')
        const { unapproved: _, ...approved } = found
        if (!(await store.clients.replace(found, approved))) throw notFound('client', found.client_id)
        const view = clientView(approved)
        return { text: textRecord(clientText(view)), json: view }
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
