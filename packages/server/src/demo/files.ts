import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CommandFailure, exitCode } from '../cli/exit-codes.ts'

/** Where a demonstration keeps its things, in the folder it was started in. */
export interface DemoFiles {
  readonly folder: string
  readonly database: string
  readonly secrets: string
}

export function demoFiles(cwd: string): DemoFiles {
  const folder = join(cwd, '.cardea')
  return { folder, database: join(folder, 'demo.sqlite'), secrets: join(folder, 'demo-secrets.json') }
}

/** SQLITE_BUSY. */
const busy = 5

/** Whether some process has the database open: with a write-ahead log, exclusive locking can be had alone only. */
function isOpen(database: string): boolean {
  if (!existsSync(database)) return false
  const probe = new DatabaseSync(database)
  try {
    probe.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK')
    return false
  } catch (error) {
    // Anything else is wrong with the file itself, and a reason for a reset.
    return (error as { errcode?: number }).errcode === busy
  } finally {
    probe.close()
  }
}

/**
 * Forgets everything the demonstration has kept.
 * @throws CommandFailure when a demonstration still runs on it, at whatever port
 */
export function resetDemo({ database, secrets }: DemoFiles): void {
  if (isOpen(database)) {
    throw new CommandFailure(exitCode.failed, `${database} is in use by another demonstration; stop that one first`)
  }
  for (const file of [secrets, database, `${database}-wal`, `${database}-shm`]) rmSync(file, { force: true })
}

/** The secrets of an earlier start, or undefined: then the rows were not all made yet either. */
export function readSecrets({ secrets }: DemoFiles): readonly string[] | undefined {
  if (!existsSync(secrets)) return undefined
  try {
    const content: unknown = JSON.parse(readFileSync(secrets, 'utf8'))
    if (Array.isArray(content) && content.length > 0 && content.every((entry) => typeof entry === 'string'))
      return content
  } catch {
    // Said below, whatever the cause.
  }
  throw new CommandFailure(exitCode.failed, `${secrets} cannot be read; begin again with \`cardea demo --reset\``)
}

export const newSecrets = (): readonly string[] => [randomBytes(48).toString('base64url')]

/** Kept last, when the rows are there: its presence says that the demonstration was set up completely. */
export function keepSecrets({ folder, secrets: file }: DemoFiles, secrets: readonly string[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, JSON.stringify(secrets), { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, file)
}
