import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What `npm run build` makes, and what is published. */
const command = fileURLToPath(new URL('../../../packages/server/dist/command.js', import.meta.url))
const secrets = 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa'
const execute = promisify(execFile)

/** `cardea serve` in a process of its own. */
export interface Shipped {
  /** Another command of `cardea`, on the same configuration and database. Answers with what it says as JSON. */
  run<T>(...line: readonly string[]): Promise<T>
}

/**
 * Starts the shipped command on a configuration, in a folder with those files, for the tests of this file. It is stopped,
 * and its folder goes, after them; an end before, and whatever it wrote about errors of its own, fails them.
 */
export async function startShipped(config: object, files: Readonly<Record<string, string>>): Promise<Shipped> {
  if (!existsSync(command)) throw new Error('there is no command yet: npm run build')
  const cwd = mkdtempSync(join(tmpdir(), 'cardea-shipped-'))
  for (const [name, content] of Object.entries({ ...files, 'cardea.config.json': JSON.stringify(config) }))
    writeFileSync(join(cwd, name), content)
  const env = { PATH: process.env.PATH, CARDEA_SECRETS: secrets, CARDEA_LOG_LEVEL: 'error' }
  const child = spawn(process.execPath, [command, 'serve', '--json'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += String(chunk)
  })
  const ended = once(child, 'close')
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  after(async () => {
    const wasRunning = child.exitCode === null
    child.kill()
    await ended
    process.removeListener('exit', kill)
    rmSync(cwd, { recursive: true, force: true })
    assert.deepEqual([wasRunning, child.exitCode, errors], [true, 0, ''])
  })
  const [chunk] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer | number | null]
  if (!Buffer.isBuffer(chunk)) throw new Error(`it did not start: ${errors}`)
  return {
    async run<T>(...line: readonly string[]) {
      const { stdout } = await execute(process.execPath, [command, ...line, '--json'], { cwd, env })
      return JSON.parse(stdout) as T
    },
  }
}
