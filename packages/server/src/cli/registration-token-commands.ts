import { type InitialAccessToken, mintInitialAccessToken, type Store } from 'cardea'
import type { Command } from 'commander'
import { moment } from '../load/moment.ts'
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
import { textRecord, textTable } from './text-table.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

const shortestReference = 8

/** Names a token without being it. */
const referenceOf = ({ digest }: InitialAccessToken): string => digest.slice(0, 12)

function viewOf(token: InitialAccessToken) {
  const { label, createdAt, expiresAt = null, usesLeft = null, policy = 'default' } = token
  return {
    reference: referenceOf(token),
    label,
    policy,
    uses_left: usesLeft,
    created_at: createdAt,
    expires_at: expiresAt,
  }
}

const forPeople = (view: ReturnType<typeof viewOf>) => ({
  ...view,
  uses_left: view.uses_left ?? 'any',
  created_at: dateText(view.created_at),
  expires_at: view.expires_at === null ? 'never' : dateText(view.expires_at),
})

function usesFrom(value: unknown): number | undefined {
  const text = textOf(value)
  if (text === 'any') return undefined
  if (text === undefined) return 1
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw usage(`--uses: got ${JSON.stringify(text)}; must be a whole number from 1, or any`)
  return Number(text)
}

function endFrom(value: unknown, now: number): number | undefined {
  const text = textOf(value)
  if (text === undefined || text === 'never') return undefined
  const parsed = moment.safeParse(/^\d+$/.test(text) ? Number(text) : text)
  if (!parsed.success || parsed.data <= now)
    throw usage(
      `--expires: got ${JSON.stringify(text)}; must be a date to come such as 2030-01-31, epoch seconds, or never`,
    )
  return parsed.data
}

async function create({ world, options }: Invocation, store: Store, policies: readonly string[]): Promise<Outcome> {
  const policy = textOf(options.policy)
  if (policy !== undefined && !policies.includes(policy))
    throw usage(
      `--policy: there is no ${JSON.stringify(policy)} in registration.policies; valid are ${policies.join(', ')}`,
    )
  const now = world.clock.now()
  const usesLeft = usesFrom(options.uses)
  const expiresAt = endFrom(options.expires, now)
  const { token, digest } = mintInitialAccessToken()
  const kept: InitialAccessToken = {
    digest,
    label: textOf(options.label) ?? '',
    createdAt: now,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(usesLeft !== undefined && { usesLeft }),
    ...(policy !== undefined && { policy }),
  }
  await store.initialAccessTokens.save(kept)
  const view = viewOf(kept)
  const text = textRecord({ ...forPeople(view), token })
  return { text: `${text}\n\nThe token is shown this once.`, json: { ...view, token } }
}

async function revoke(store: Store, reference: string): Promise<Outcome> {
  if (reference.length < shortestReference) throw notFound('registration token', reference)
  const [found, ...others] = (await store.initialAccessTokens.all()).filter(({ digest }) =>
    digest.startsWith(reference),
  )
  if (found === undefined || others.length > 0) throw notFound('registration token', reference)
  await store.initialAccessTokens.delete(found.digest)
  return { text: `revoked registration token ${reference}`, json: { revoked: reference } }
}

export function addRegistrationTokenCommands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(
    program,
    'registration-token',
    'initial access tokens, which let applications register themselves',
  )
  defineCommand(group, world, slot, {
    usage: 'create',
    about: 'make a token that registers clients; it is shown once',
    examples: [
      'cardea registration-token create --label "Acme Inc."',
      'cardea registration-token create --label "Partner app" --policy partner --uses 5 --expires 2030-01-31',
    ],
    options: (command) =>
      command
        .option('--label <text>', 'whom it is for')
        .option('--uses <number>', 'clients it registers: a number, or any (default: 1)')
        .option('--expires <date>', 'when it ends: 2030-01-31, epoch seconds, or never (default: never)')
        .option('--policy <name>', 'registration policy of what it registers (default: default)'),
    run: (invocation) =>
      withStore(invocation, true, ({ store, config }) => {
        const named = Object.keys(config.registration.policies ?? {})
        return create(invocation, store, [...new Set(['default', ...named])])
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'list',
    about: 'list the tokens that have uses left',
    examples: ['cardea registration-token list', 'cardea registration-token list --json'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const views = (await store.initialAccessTokens.all()).map(viewOf)
        const columns = ['reference', 'label', 'policy', 'uses_left', 'created_at', 'expires_at']
        return { text: textTable(columns, views.map(forPeople)), json: views }
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'revoke <reference>',
    about: 'end a token; what it has registered stays',
    examples: ['cardea registration-token revoke Zm9vYmFyYmF6'],
    run: (invocation) => withStore(invocation, false, ({ store }) => revoke(store, invocation.args[0] ?? '')),
  })
}
