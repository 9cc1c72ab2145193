import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess } from './other-process.ts'
import type { Setup, Started } from './setup.ts'
import { startInWorkerd } from './workerd.ts'

export interface Runtime {
  readonly name: string
  /** Its program below node_modules; undefined where npm has installed none for this machine. */
  readonly program: string | undefined
  start(program: string, setup: Setup): Promise<Started>
}

const { arch, platform } = process
const as = (names: Readonly<Record<string, string>>): string => names[arch] ?? arch

/** Every runtime has one package with the program for each kind of machine. */
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

const serving =
  (...args: readonly string[]): Runtime['start'] =>
  (program, { prefix }) => {
    const file = fileURLToPath(new URL('runtime-server.ts', import.meta.url))
    return startProcess({
      command: [program, ...args, '--conditions=cardea-source', file, prefix],
      addressIn: (line) => /^listening on (\S+)$/.exec(line)?.[1],
      stop: (child) => child.stdin?.end(),
    })
  }

export const runtimes: readonly Runtime[] = [
  {
    name: 'Bun',
    program: programIn([`@oven/bun-${platform}-${as({ arm64: 'aarch64' })}`], 'bin/bun'),
    start: serving(),
  },
  {
    name: 'Deno',
    program: programIn([`@deno/${platform}-${arch}-glibc`, `@deno/darwin-${arch}`], 'deno'),
    start: serving('run', '-A', '--no-check'),
  },
  {
    name: 'workerd',
    program: programIn([`@cloudflare/workerd-${platform}-${as({ x64: '64' })}`], 'bin/workerd'),
    start: startInWorkerd,
  },
]
