import type { Store } from 'cardea'
import type { Command } from 'commander'
import { dateText } from './date-text.ts'
import {
  defineCommand,
  defineGroup,
  type Invocation,
  type Outcome,
  type OutcomeSlot,
  textOf,
} from './define-command.ts'
import { notFound, usage } from './exit-codes.ts'
import { textTable } from './text-table.ts'
import { revokeFor, type TokenAt, type TokenFilter, tokenAt } from './token-ending.ts'
import { type TokenView, viewsOf } from './token-view.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

async function filterFrom(store: Store, options: Readonly<Record<string, unknown>>): Promise<TokenFilter> {
  const clientId = textOf(options.client)
  const username = textOf(options.user)
  const user = username === undefined ? undefined : await store.users.findByUsername(username)
  if (username !== undefined && user === undefined) throw notFound('user', username)
  if (clientId !== undefined && (await store.clients.find(clientId)) === undefined) throw notFound('client', clientId)
  return { ...(clientId !== undefined && { clientId }), ...(user !== undefined && { userId: user.id }) }
}

const dateOf = (seconds: number | null): string => (seconds === null ? 'never' : dateText(seconds))

async function list({ world, options }: Invocation, store: Store): Promise<Outcome> {
  const text = textOf(options.limit) ?? '1000'
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw usage(`--limit: got ${JSON.stringify(text)}; must be a whole number from 1 to 9999999`)
  const rows: TokenView[] = []
  let cut = false
  for await (const view of viewsOf(store, await filterFrom(store, options), world.clock.now())) {
    if (options.all !== true && view.state !== 'live') continue
    if (rows.length === Number(text)) {
      cut = true
      break
    }
    rows.push(view)
  }
  if (cut) world.stderr.write(`note: only the first ${text} are shown; see --limit, --client and --user\n`)
  const names = new Map<string, string>()
  for (const id of new Set(rows.flatMap(({ user }) => user ?? []))) {
    names.set(id, (await store.users.find(id))?.username ?? id)
  }
  const named = rows.map((row) => ({ ...row, user: row.user === null ? null : (names.get(row.user) ?? row.user) }))
  const columns = ['reference', 'kind', 'state', 'client', 'user', 'scope', 'issued', 'expires']
  const lines = named.map((row) => ({ ...row, issued: dateOf(row.issued_at), expires: dateOf(row.expires_at) }))
  return { text: textTable(columns, lines), json: named }
}

async function revoke(invocation: Invocation, store: Store): Promise<Outcome> {
  const { options, args, world } = invocation
  const [reference] = args
  const byFilter = options.client !== undefined || options.user !== undefined
  if ((reference === undefined) !== byFilter) throw usage('Name a reference, or --client and/or --user')
  const now = world.clock.now()
  if (reference === undefined) {
    const authorizations = await revokeFor(store, await filterFrom(store, options), now)
    const text = `revoked ${authorizations} authorizations, and what was issued without one`
    return { text, json: { authorizations } }
  }
  const found = await tokenAt(store, reference)
  if (found === undefined) throw notFound('token', reference)
  return endOne(store, found, reference, now)
}

async function endOne(store: Store, found: TokenAt, reference: string, now: number): Promise<Outcome> {
  const newly =
    found.kind === 'access'
      ? await store.tokens.revokeAccess(found.digest, now)
      : await store.authorizations.revoke(found.authorizationId, now)
  const what = {
    access: 'access token',
    refresh: 'refresh token, and everything of its authorization',
    oauth1: 'token credential of OAuth 1',
  }[found.kind]
  const text = newly ? `revoked ${what}` : `it had ended before`
  return { text, json: { reference: Number(reference), kind: found.kind, revoked: newly } }
}

export function addTokenCommands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(
    program,
    'token',
    'tokens that were issued, by reference: the tokens themselves are not stored',
  )
  defineCommand(group, world, slot, {
    usage: 'list',
    about: 'list live tokens of OAuth 2, and token credentials of OAuth 1',
    examples: ['cardea token list --client shop', 'cardea token list --user jane@example.com --all --json'],
    options: (command) =>
      command
        .option('--client <client_id>', 'of this client only')
        .option('--user <username>', 'of this user only')
        .option('--all', 'also those that have ended')
        .option('--limit <number>', 'at most this many (default: 1000)'),
    run: (invocation) => withStore(invocation, false, ({ store }) => list(invocation, store)),
  })
  defineCommand(group, world, slot, {
    usage: 'revoke [reference]',
    about: 'end a token; of a refresh token, its whole authorization',
    examples: [
      'cardea token revoke 218374652019',
      'cardea token revoke --client shop',
      'cardea token revoke --user jane@example.com',
    ],
    options: (command) =>
      command
        .option('--client <client_id>', 'end everything issued to this client')
        .option('--user <username>', 'end everything issued for this user'),
    run: (invocation) => withStore(invocation, false, ({ store }) => revoke(invocation, store)),
  })
}
