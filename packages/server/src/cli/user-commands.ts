import type { Store, StoredUser } from 'cardea'
import type { Command } from 'commander'
import { commonPasswords } from '../accounts/common-passwords.ts'
import { passwordProblem } from '../accounts/password-policy.ts'
import { userFrom } from '../load/from-row.ts'
import { userRow } from '../load/rows.ts'
import { checkedRow } from './checked-row.ts'
import {
  defineCommand,
  defineGroup,
  type Invocation,
  type Outcome,
  type OutcomeSlot,
  textOf,
} from './define-command.ts'
import { everyRow } from './every-page.ts'
import { alreadyThere, notFound, usage } from './exit-codes.ts'
import { addSecretOptions, givenSecret, passwordSource, secretOrPrompt } from './secret-input.ts'
import { textRecord, textTable } from './text-table.ts'
import { withStore } from './with-store.ts'
import type { World } from './world.ts'

/** A user as it may be shown: whether there is a password, never its hash. */
export function userView({ password_hash: hash, ...user }: StoredUser) {
  return { ...user, has_password: hash !== undefined }
}

const shown = (user: StoredUser): Outcome => ({ text: textRecord(userView(user)), json: userView(user) })

async function mustFind(store: Store, username: string): Promise<StoredUser> {
  const user = await store.users.findByUsername(username)
  if (user === undefined) throw notFound('user', username)
  return user
}

const fields = (command: Command): Command =>
  addSecretOptions(
    command.option('--email <address>', 'e-mail address').option('--name <text>', 'name shown to people'),
    passwordSource,
  )

async function hashOf(world: World, password: string): Promise<string> {
  const problem = passwordProblem(password, await commonPasswords(password))
  if (problem !== undefined) throw usage(`The password ${problem}`)
  return world.hasher.hash(password)
}

async function save(store: Store, user: StoredUser): Promise<Outcome> {
  if ((await store.users.save(user)) === 'username_taken') throw alreadyThere('user', user.username)
  return shown(user)
}

async function create(invocation: Invocation, store: Store): Promise<Outcome> {
  const { world, options } = invocation
  const [username = ''] = invocation.args
  const email = textOf(options.email)
  const name = textOf(options.name)
  const row = checkedRow(userRow, {
    username,
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
  })
  if ((await store.users.findByUsername(username)) !== undefined) throw alreadyThere('user', username)
  const password = options.signIn === false ? undefined : await secretOrPrompt(world, options, passwordSource)
  const hash = password === undefined ? {} : { password_hash: await hashOf(world, password) }
  return save(store, { ...userFrom(row, undefined, world.clock.now()), ...hash })
}

async function update(invocation: Invocation, store: Store): Promise<Outcome> {
  const { world, options } = invocation
  const stored = await mustFind(store, invocation.args[0] ?? '')
  const { id: _1, password_hash: _2, created_at: _3, ...said } = stored
  const changed = Object.fromEntries(
    ['username', 'email', 'name'].flatMap((key) => (textOf(options[key]) === undefined ? [] : [[key, options[key]]])),
  )
  const disabled = options.disable === true ? { disabled: true } : options.enable === true ? { disabled: false } : {}
  const row = checkedRow(userRow, { ...said, ...changed, ...disabled })
  const asked = options.setPassword === true
  const password = asked
    ? await secretOrPrompt(world, options, passwordSource)
    : await givenSecret(world, options, passwordSource)
  const hash = password === undefined ? {} : { password_hash: await hashOf(world, password) }
  return save(store, { ...userFrom(row, stored, world.clock.now()), ...hash })
}

export function addUserCommands(program: Command, world: World, slot: OutcomeSlot): void {
  const group = defineGroup(program, 'user', 'people who can sign in')
  defineCommand(group, world, slot, {
    usage: 'create <username>',
    about: 'add a user; the password is asked for, or read from standard input',
    examples: [
      'cardea user create jane@example.com --email jane@example.com --name "Jane Doe"',
      'pwgen 20 1 | cardea user create jane@example.com --password-stdin',
    ],
    options: (command) => fields(command).option('--no-sign-in', 'without a password: cannot sign in by one'),
    run: (invocation) => withStore(invocation, true, ({ store }) => create(invocation, store)),
  })
  defineCommand(group, world, slot, {
    usage: 'list',
    about: 'list the users',
    examples: ['cardea user list', 'cardea user list --json'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const rows = await everyRow(
          (page) => store.users.list(page),
          (row) => row.id,
        )
        const columns = ['username', 'email', 'name', 'disabled', 'id']
        return {
          text: textTable(
            columns,
            rows.map((row) => ({ ...row })),
          ),
          json: rows.map(userView),
        }
      }),
  })
  defineCommand(group, world, slot, {
    usage: 'show <username>',
    about: 'show a user',
    examples: ['cardea user show jane@example.com'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => shown(await mustFind(store, invocation.args[0] ?? ''))),
  })
  defineCommand(group, world, slot, {
    usage: 'update <username>',
    about: 'change a user; what is not given stays. A new password ends their sessions and everything issued for them',
    examples: ['cardea user update jane@example.com --set-password', 'cardea user update jane@example.com --disable'],
    options: (command) =>
      fields(command)
        .option('--username <name>', 'another name to sign in by')
        .option('--set-password', 'ask for a new password')
        .option('--disable', 'end their sessions and everything issued for them, and refuse sign-in')
        .option('--enable', 'undo --disable'),
    run: (invocation) => withStore(invocation, false, ({ store }) => update(invocation, store)),
  })
  defineCommand(group, world, slot, {
    usage: 'delete <username>',
    about: 'delete a user, their sessions and everything issued for them',
    examples: ['cardea user delete jane@example.com'],
    run: (invocation) =>
      withStore(invocation, false, async ({ store }) => {
        const user = await mustFind(store, invocation.args[0] ?? '')
        await store.users.delete(user.id)
        return {
          text: `deleted user ${user.username} and everything issued for them`,
          json: { deleted: user.username },
        }
      }),
  })
}
