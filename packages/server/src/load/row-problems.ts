import { canonicalUsername, clientProblem, type Store } from 'cardea'
import { commonPasswords } from '../accounts/common-passwords.ts'
import { passwordProblem } from '../accounts/password-policy.ts'
import type { PlanContext } from './change.ts'
import { clientFrom, scopeFrom } from './from-row.ts'
import type { LocatedRows } from './located-rows.ts'
import { oauth1Problem } from './oauth1-problem.ts'
import type { ClientRow, UserRow } from './rows.ts'
import { sealedSecretProblem, secretKindOf } from './secret-kind.ts'

/** Everything that is wrong with rows that are to be loaded, each with its place. */
export async function problemsOf(context: PlanContext, { rows, locate }: LocatedRows): Promise<string[]> {
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
  rows.users.forEach(({ password, password_hash: hash }, index) => {
    if (password !== undefined && hash !== undefined)
      say('users', index, '', 'has password and password_hash: keep one')
  })
  for (const [index, problem] of await passwordProblems(context, rows.users)) say('users', index, 'password', problem)
  return problems
}

async function passwordProblems(context: PlanContext, users: readonly UserRow[]): Promise<[number, string][]> {
  const passwords = users.flatMap(({ password }) => password ?? [])
  if (context.anyPassword === true || passwords.length === 0) return []
  const common = await commonPasswords(...passwords)
  const problems: [number, string][] = []
  for (const [index, row] of users.entries()) {
    const problem = row.password === undefined ? undefined : passwordProblem(row.password, common)
    if (problem !== undefined && !(await isKnownPassword(context, row))) problems.push([index, problem])
  }
  return problems
}

/** Whether the declared password is the stored one, so that nothing is set: a server that started with it starts again. */
async function isKnownPassword({ store, hasher }: PlanContext, { username, password = '' }: UserRow): Promise<boolean> {
  const hash = (await store.users.findByUsername(username))?.password_hash
  return hash !== undefined && hasher.verify(hash, password)
}

/** What is wrong with a client that is to be stored, or undefined. */
export async function clientRowProblem(
  store: Store,
  row: ClientRow,
  knownScopes: readonly string[],
): Promise<string | undefined> {
  const stored = await store.clients.find(row.client_id)
  const client = clientFrom(row, stored, 0)
  const { token_endpoint_auth_method: method } = client
  const kind = secretKindOf(client)
  const hasNone = kind === 'none'
  if (hasNone && row.client_secret_expires_at)
    return `has client_secret_expires_at, but token_endpoint_auth_method ${method}`
  const declared = row.client_secret !== undefined || row.client_secret_hash !== undefined
  if (row.client_secret !== undefined && row.client_secret_hash !== undefined)
    return 'has client_secret and client_secret_hash: keep one'
  if (hasNone && declared) return `has a client_secret, but token_endpoint_auth_method ${method}`
  if (kind === 'sealed' && row.client_secret_hash !== undefined)
    return 'has client_secret_hash, but client_secret_jwt signs with the secret itself: give client_secret'
  const short =
    kind === 'sealed' && row.client_secret !== undefined ? sealedSecretProblem(row.client_secret) : undefined
  if (short !== undefined) return short
  if (!hasNone && !declared && client.client_secret_hash === undefined && client.sealed_secret === undefined) {
    return 'needs a client_secret, or token_endpoint_auth_method none for an application that cannot keep one'
  }
  const secret = { hashed: 'client_secret_hash', sealed: 'sealed_secret', none: undefined }[kind]
  const withSecret = secret === undefined ? client : { ...client, [secret]: 'to be made' }
  const unknown = (row.scope ?? '').split(' ').find((name) => name !== '' && !knownScopes.includes(name))
  if (unknown !== undefined)
    return `scope: there is no scope ${JSON.stringify(unknown)}; known are ${knownScopes.join(', ') || 'none'}`
  const hasShared = row.oauth1?.secret !== undefined || stored?.oauth1?.sealed_secret !== undefined
  const problem = row.oauth1 === undefined ? undefined : oauth1Problem(row.oauth1, client.application_type, hasShared)
  return problem ?? clientProblem(withSecret)
}
