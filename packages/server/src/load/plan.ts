import { canonicalUsername, clientProblem, hashClientSecret, type SecretHasher, type Store } from 'cardea'
import { passwordProblem } from '../accounts/password-policy.ts'
import { InvalidInput } from '../config/problems.ts'
import { changedFields } from './changed-fields.ts'
import { clientFrom, scopeFrom, userFrom } from './from-row.ts'
import type { LocatedRows } from './located-rows.ts'
import type { ClientRow, ScopeRow, UserRow } from './rows.ts'

/** One row, what would become of it, and how to do and undo that. */
export interface Change {
  readonly kind: 'scope' | 'client' | 'user'
  readonly key: string
  readonly action: 'created' | 'updated' | 'unchanged'
  readonly fields: readonly string[]
  /** Ends sessions and tokens, which cannot be undone; done last. */
  readonly isFinal: boolean
  apply(): Promise<void>
  undo(): Promise<void>
}

export interface PlanContext {
  readonly store: Store
  readonly hasher: SecretHasher
  /** Epoch seconds. */
  readonly now: number
  /** Passwords shorter than the policy are taken: for the demonstration only. */
  readonly anyPassword?: boolean
}

const minted = 'sha256:'

/** Whether the secret is the one that is stored: a slow hash is verified, a plain digest compared. */
export async function isStoredSecret(hasher: SecretHasher, hash: string | undefined, secret: string): Promise<boolean> {
  if (hash === undefined) return false
  return hash.startsWith(minted) ? (await hashClientSecret(hasher, secret)) === hash : hasher.verify(hash, secret)
}

const actionFor = (stored: object | undefined, fields: readonly string[]): Change['action'] => {
  if (stored === undefined) return 'created'
  return fields.length === 0 ? 'unchanged' : 'updated'
}

async function planScope({ store }: PlanContext, row: ScopeRow): Promise<Change> {
  const stored = (await store.scopes.all()).find(({ name }) => name === row.name)
  const scope = scopeFrom(row)
  const fields = stored === undefined ? [] : changedFields(stored, scope)
  return {
    kind: 'scope',
    key: row.name,
    action: actionFor(stored, fields),
    fields,
    isFinal: false,
    apply: () => store.scopes.save(scope),
    async undo() {
      if (stored === undefined) await store.scopes.delete(row.name)
      else await store.scopes.save(stored)
    },
  }
}

async function planClient(context: PlanContext, row: ClientRow): Promise<Change> {
  const { store, hasher } = context
  const stored = await store.clients.find(row.client_id)
  const client = clientFrom(row, stored, context.now)
  const secret = client.token_endpoint_auth_method === 'none' ? undefined : row.client_secret
  const isNewSecret = secret !== undefined && !(await isStoredSecret(hasher, stored?.client_secret_hash, secret))
  const fields = stored === undefined ? [] : changedFields(stored, client)
  if (stored !== undefined && isNewSecret) fields.push('client_secret')
  return {
    kind: 'client',
    key: row.client_id,
    action: actionFor(stored, fields),
    fields,
    isFinal: client.disabled === true,
    async apply() {
      const hash = isNewSecret ? { client_secret_hash: await hashClientSecret(hasher, secret) } : {}
      await store.clients.save({ ...client, ...hash })
    },
    async undo() {
      if (stored === undefined) await store.clients.delete(row.client_id)
      else await store.clients.save(stored)
    },
  }
}

async function planUser(context: PlanContext, row: UserRow): Promise<Change> {
  const { store, hasher } = context
  const stored = await store.users.findByUsername(row.username)
  const user = userFrom(row, stored, context.now)
  const { password } = row
  const known =
    stored?.password_hash !== undefined &&
    password !== undefined &&
    (await hasher.verify(stored.password_hash, password))
  const isNewPassword = password !== undefined && !known
  const fields = stored === undefined ? [] : changedFields(stored, user)
  if (stored !== undefined && isNewPassword) fields.push('password')
  return {
    kind: 'user',
    key: row.username,
    action: actionFor(stored, fields),
    fields,
    isFinal: user.disabled === true || isNewPassword,
    async apply() {
      const hash = isNewPassword ? { password_hash: await hasher.hash(password) } : {}
      if ((await store.users.save({ ...user, ...hash })) === 'username_taken')
        throw new Error(`user ${row.username}: the name was taken meanwhile`)
    },
    async undo() {
      if (stored === undefined) await store.users.delete(user.id)
      else await store.users.save(stored)
    },
  }
}

async function problemsOf(context: PlanContext, { rows, locate }: LocatedRows): Promise<string[]> {
  const problems: string[] = []
  const say = (list: string, index: number, key: string, text: string): void => {
    problems.push(
      `${list}[${index}]${key === '' ? '' : `.${key}`}${locate([list, index, ...(key === '' ? [] : [key])])}: ${text}`,
    )
  }
  const onlyOnce = (list: string, key: string, keys: readonly string[]): void => {
    keys.forEach((value, index) => {
      const first = keys.indexOf(value)
      if (first < index) say(list, index, key, `stands twice: also ${list}[${first}]`)
    })
  }
  onlyOnce(
    'scopes',
    'name',
    rows.scopes.map(({ name }) => name),
  )
  onlyOnce(
    'clients',
    'client_id',
    rows.clients.map((row) => row.client_id),
  )
  onlyOnce(
    'users',
    'username',
    rows.users.map(({ username }) => canonicalUsername(username)),
  )
  const known = [...(await context.store.scopes.all()), ...rows.scopes.map(scopeFrom)].map(({ name }) => name)
  for (const [index, row] of rows.clients.entries()) {
    const problem = await clientRowProblem(context.store, row, known)
    if (problem !== undefined) say('clients', index, '', problem)
  }
  rows.users.forEach(({ password }, index) => {
    const problem = password === undefined || context.anyPassword === true ? undefined : passwordProblem(password)
    if (problem !== undefined) say('users', index, 'password', problem)
  })
  return problems
}

/** What is wrong with a client that is to be stored, or undefined. */
export async function clientRowProblem(
  store: Store,
  row: ClientRow,
  knownScopes: readonly string[],
): Promise<string | undefined> {
  const stored = await store.clients.find(row.client_id)
  const client = clientFrom(row, stored, 0)
  const isPublic = client.token_endpoint_auth_method === 'none'
  if (isPublic && row.client_secret !== undefined) return 'has a client_secret, but token_endpoint_auth_method none'
  if (!isPublic && row.client_secret === undefined && client.client_secret_hash === undefined) {
    return 'needs a client_secret, or token_endpoint_auth_method none for an application that cannot keep one'
  }
  const withSecret = isPublic ? client : { ...client, client_secret_hash: client.client_secret_hash ?? 'to be made' }
  const unknown = (row.scope ?? '').split(' ').find((name) => name !== '' && !knownScopes.includes(name))
  if (unknown !== undefined)
    return `scope: there is no scope ${JSON.stringify(unknown)}; known are ${knownScopes.join(', ') || 'none'}`
  return clientProblem(withSecret)
}

/**
 * What loading the rows would change. Reads only.
 * @throws InvalidInput with every problem at once
 */
export async function planOf(context: PlanContext, located: LocatedRows): Promise<Change[]> {
  const problems = await problemsOf(context, located)
  if (problems.length > 0) throw new InvalidInput(problems)
  const { scopes, clients, users } = located.rows
  // One after the other: verifying thousands of passwords at once would overrun the hasher's queue.
  const changes: Change[] = []
  for (const row of scopes) changes.push(await planScope(context, row))
  for (const row of clients) changes.push(await planClient(context, row))
  for (const row of users) changes.push(await planUser(context, row))
  return changes
}
