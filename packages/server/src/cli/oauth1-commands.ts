import { type Client, type OAuth1Registration, type OAuth1Usage, resealOAuth1, type Store } from 'cardea'
import type { Command } from 'commander'
import { InvalidInput } from '../config/problems.ts'
import { defineCommand, defineGroup, type Outcome, type OutcomeSlot } from './define-command.ts'
import { everyRow } from './every-page.ts'
import { textTable } from './text-table.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

interface ReportRow {
  readonly client_id: string
  readonly client_name: string | null
  /** Whether the client may speak OAuth 1 still. */
  readonly registered: boolean
  readonly disabled: boolean
  readonly signs_with: readonly ('secret' | 'rsa_key')[]
  readonly live_credentials: number
  /** Epoch seconds, not more exact than an hour. */
  readonly last_used_at: number | null
}

const means = ({ sealed_secret, public_key }: OAuth1Registration): ReportRow['signs_with'] => [
  ...(sealed_secret === undefined ? [] : (['secret'] as const)),
  ...(public_key === undefined ? [] : (['rsa_key'] as const)),
]

const rowOf = (clientId: string, client: Client | undefined, usage: OAuth1Usage | undefined): ReportRow => ({
  client_id: clientId,
  client_name: client?.client_name ?? null,
  registered: client?.oauth1 !== undefined,
  disabled: client?.disabled === true,
  signs_with: client?.oauth1 === undefined ? [] : means(client.oauth1),
  live_credentials: usage?.live ?? 0,
  last_used_at: usage?.lastUsedAt ?? null,
})

const dateOf = (seconds: number | null): string =>
  seconds === null ? 'never' : new Date(seconds * 1000).toISOString().replace(/:\d\d\.000Z$/, 'Z')

/** Who was seen last comes first: they are the ones to talk to. */
async function report(store: Store, now: number): Promise<Outcome> {
  const clients = await everyRow(
    (page) => store.clients.list(page),
    (row) => row.client_id,
  )
  const usage = new Map((await store.tokenCredentials.usage(now)).map((entry) => [entry.clientId, entry]))
  const byId = new Map(clients.map((client) => [client.client_id, client]))
  const ids = clients.filter((client) => client.oauth1 !== undefined).map((client) => client.client_id)
  const rows = [...new Set([...ids, ...usage.keys()])]
    .map((id) => rowOf(id, byId.get(id), usage.get(id)))
    .sort((a, b) => (b.last_used_at ?? 0) - (a.last_used_at ?? 0) || (a.client_id < b.client_id ? -1 : 1))
  const live = rows.reduce((sum, row) => sum + row.live_credentials, 0)
  const columns = ['client_id', 'client_name', 'signs_with', 'live_credentials', 'last_used']
  const table = textTable(
    columns,
    rows.map((row) => ({ ...row, last_used: dateOf(row.last_used_at) })),
  )
  const text =
    rows.length === 0
      ? 'No client speaks OAuth 1'
      : `${table}\n\n${rows.length} clients, ${live} live token credentials`
  return { text, json: { clients: rows, live_credentials: live } }
}

const needSecrets =
  'secrets: are needed to seal anew; set CARDEA_SECRETS to those of the server, or name its configuration with --config'

async function reseal(store: Store, secrets: readonly string[] = []): Promise<Outcome> {
  if (secrets.length === 0) throw new InvalidInput([needSecrets])
  const resealed = await resealOAuth1(store, secrets)
  const { clients, credentials } = resealed
  const done = `Sealed anew under the first secret: ${clients} clients, ${credentials} token credentials`
  const next = 'Run `cardea doctor` without the older secrets before they are taken away'
  return { text: `${done}\n${next}`, json: resealed }
}

export function addOAuth1Commands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(program, 'oauth1', 'what is left of OAuth 1')
  defineCommand(group, world, slot, {
    usage: 'report',
    about: 'list the clients that speak OAuth 1, their live token credentials and when they were last used',
    examples: ['cardea oauth1 report', "cardea oauth1 report --json | jq '.clients[] | select(.live_credentials > 0)'"],
    run: (invocation) => withStore(invocation, false, ({ store }) => report(store, world.clock.now())),
  })
  defineCommand(group, world, slot, {
    usage: 'reseal',
    about: 'seal the stored secrets of OAuth 1 under the first of the secrets, after that was changed',
    examples: ['cardea oauth1 reseal'],
    run: (invocation) => withStore(invocation, false, ({ store, config }) => reseal(store, config.secrets)),
  })
}
