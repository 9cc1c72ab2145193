import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { OAuth1Secrets, SecretHasher, Store } from 'cardea'
import { migrationStatus } from 'cardea/stores/sqlite'
import { storedDemonstration } from '../serve/demonstration-credentials.ts'
import { checkClientSecrets } from './check-client-secrets.ts'
import { checkSealedSecrets } from './check-oauth1.ts'
import { type AskedProfile, checkProfile } from './check-profile.ts'
import { checkClientSeals, checkKeys } from './check-seals.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export interface DatabaseContext {
  readonly file: string
  /** Epoch seconds. */
  readonly now: number
  readonly hasher: SecretHasher
  /** Undefined where no secrets are configured. */
  readonly oauth1Secrets: OAuth1Secrets | undefined
  /** Of the server; empty where none are configured. */
  readonly secrets: readonly string[]
  /** Undefined: clients are held to none. */
  readonly profile: AskedProfile | undefined
  /** What else is to be looked at in the store. */
  more(store: Store): Promise<readonly Finding[]>
  openStore(file: string, options: { readonly migrate: boolean }): Promise<Store>
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)

function checkFile({ file, now }: DatabaseContext): Finding[] {
  const { mode, mtimeMs } = statSync(file)
  const octal = (mode & 0o777).toString(8)
  const findings = [
    (mode & 0o077) === 0
      ? ok('database file', `${file} is its owner's only`)
      : warn('database file', `${file} has mode ${octal}: others can read it`, `run \`chmod 600 ${file}\``),
  ]
  if (mtimeMs / 1000 > now + 60) {
    findings.push(
      fail(
        'clock',
        'is behind the last change of the database',
        'set the clock: lifetimes and replay protection depend on it',
      ),
    )
  }
  return findings
}

async function checkSchema(file: string): Promise<Finding> {
  const { applied, pending, unknown } = await migrationStatus(file)
  if (unknown.length > 0)
    return fail('database schema', `was made by a newer release: ${unknown.join(', ')}`, 'run that release')
  if (pending.length > 0) return fail('database schema', `lacks ${pending.join(', ')}`, 'run `cardea migrate`')
  return ok('database schema', `is up to date (${applied.at(-1) ?? 'empty'})`)
}

function checkIntegrity(file: string): Finding {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const said = String(database.prepare('PRAGMA quick_check(1)').get()?.quick_check ?? '')
    return said === 'ok'
      ? ok('database integrity', 'nothing is damaged')
      : fail('database integrity', said, 'restore a backup; keep the damaged file')
  } finally {
    database.close()
  }
}

async function checkContent(context: DatabaseContext): Promise<Finding[]> {
  const { file, now, hasher, oauth1Secrets, profile, secrets } = context
  const store = await context.openStore(file, { migrate: false })
  try {
    const demonstration = await storedDemonstration(store, hasher, oauth1Secrets)
    const content = demonstration.map((text) =>
      fail('demonstration', text.replace(/; run .*/, ''), text.replace(/.*; run /, 'run ')),
    )
    if (demonstration.length === 0) content.push(ok('demonstration', 'none of its credentials are accepted'))
    const writable = await store.check().then(
      () => ok('database writes', 'are durable'),
      (error: unknown) =>
        fail(
          'database writes',
          reasonOf(error),
          'check free space, the mode of file and folder, and whether the disk is read-only',
        ),
    )
    return [
      writable,
      ...content,
      ...(await checkClientSecrets(store, now)),
      ...(await checkSealedSecrets(store, oauth1Secrets)),
      ...(secrets.length === 0
        ? []
        : [...(await checkKeys(store, secrets)), ...(await checkClientSeals(store, secrets))]),
      ...(profile === undefined ? [] : await checkProfile(store, profile)),
      ...(await context.more(store)),
    ]
  } finally {
    await store.close()
  }
}

/** Each check on its own, so that one that fails hides none of the others. */
export async function checkDatabase(context: DatabaseContext): Promise<Finding[]> {
  const { file } = context
  if (!existsSync(file)) {
    return [
      warn(
        'database',
        `${file} is not there yet`,
        '`cardea serve` or `cardea migrate` makes it; or name another with --database',
      ),
    ]
  }
  const attempt = async (check: string, run: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> => {
    try {
      return await run()
    } catch (error) {
      return [fail(check, reasonOf(error), 'check that the file is a database of Cardea, and its mode')]
    }
  }
  return [
    ...(await attempt('database file', () => checkFile(context))),
    ...(await attempt('database schema', async () => [await checkSchema(file)])),
    ...(await attempt('database integrity', () => [checkIntegrity(file)])),
    ...(await attempt('database writes', () => checkContent(context))),
  ]
}
