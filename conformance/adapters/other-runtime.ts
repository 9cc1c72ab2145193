import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Setup, Started } from './setup.ts'

export interface Runtime {
  readonly name: string
  /** Its program below node_modules; undefined where npm has installed none for this machine. */
  readonly program: string | undefined
  readonly args: readonly string[]
}

const arch = process.arch === 'arm64' ? 'aarch64' : process.arch

/** The packages `bun` and `deno` bring one with the program for each kind of machine. */
function programIn(packages: readonly string[], path: string): string | undefined {
  const { resolve } = createRequire(import.meta.url)
  const found = packages.flatMap((name) => {
    try {
      return [join(dirname(resolve(`${name}/package.json`)), path)]
    } catch {
      return []
    }
  })
  return found.find((file) => existsSync(file))
}

export const runtimes: readonly Runtime[] = [
  {
    name: 'Bun',
    program: programIn([`@oven/bun-${process.platform}-${arch}`], 'bin/bun'),
    args: [],
  },
  {
    name: 'Deno',
    program: programIn([`@deno/${process.platform}-${process.arch}-glibc`, `@deno/darwin-${process.arch}`], 'deno'),
    args: ['run', '-A', '--no-check'],
  },
]

/** Rejects with what the program says when it ends before it listens. */
export async function startInRuntime({ name, program = '', args }: Runtime, { prefix }: Setup): Promise<Started> {
  const file = fileURLToPath(new URL('runtime-server.ts', import.meta.url))
  const child = spawn(program, [...args, '--conditions=cardea-source', file, prefix], {
    cwd: dirname(file),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said: string[] = []
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const issuer = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, address] = /^listening on (\S+)$/.exec(line) ?? []
      if (address !== undefined) resolve(address)
    })
    void ended.then(() => reject(new Error(`${name} ended before it listened: ${said.join('')}`)))
  })
  return {
    issuer,
    origin: new URL(issuer).origin,
    now: () => Math.floor(Date.now() / 1000),
    events: undefined,
    stop() {
      child.stdin.end()
      return ended
    },
  }
}
