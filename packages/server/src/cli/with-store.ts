import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ClientSecrets, clientSecrets, type OAuth1Secrets, oauth1Secrets, type Store } from 'cardea'
import { readConfig } from '../config/read-config.ts'
import type { Config } from '../config/schema.ts'
import { type Invocation, textOf } from './define-command.ts'
import { CommandFailure, exitCode } from './exit-codes.ts'

export interface OpenContext {
  readonly store: Store
  readonly config: Config
}

/** The configuration as this command sees it, options included. */
export async function configFor({ world, options }: Invocation) {
  const read = await readConfig({
    cwd: world.cwd,
    env: world.env,
    file: textOf(options.config),
    options: { 'database.file': textOf(options.database), host: textOf(options.host), port: portOf(options.port) },
  })
  for (const warning of read.warnings) world.stderr.write(`warning: ${warning}\n`)
  return read
}

/** What is not a number is handed on, so that the schema says what is valid. */
const portOf = (value: unknown): unknown => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value)

export const databaseFile = ({ world }: Invocation, config: Config): string => resolve(world.cwd, config.database.file)

/** What seals secrets of OAuth 1; undefined where the configuration has no secrets. */
export const oauth1SecretsOf = ({ secrets = [] }: Pick<Config, 'secrets'>): OAuth1Secrets | undefined =>
  secrets.length === 0 ? undefined : oauth1Secrets(secrets)

/** What seals secrets that clients sign with; the same. */
export const clientSecretsOf = ({ secrets = [] }: Pick<Config, 'secrets'>): ClientSecrets | undefined =>
  secrets.length === 0 ? undefined : clientSecrets(secrets)

/**
 * Opens the store for one command and closes it again, whatever happens.
 * @param create whether a database that is not there is made; a mistyped name must not look like an empty database
 */
export async function withStore<T>(
  invocation: Invocation,
  create: boolean,
  use: (context: OpenContext) => Promise<T>,
): Promise<T> {
  const { config } = await configFor(invocation)
  const file = databaseFile(invocation, config)
  if (!create && !existsSync(file)) {
    throw new CommandFailure(
      exitCode.notFound,
      `There is no database ${file}: name it with --database or database.file`,
    )
  }
  const store = await invocation.world.openStore(file)
  try {
    return await use({ store, config })
  } finally {
    await store.close()
  }
}
