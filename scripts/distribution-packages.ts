import type { ProcessGroups } from './process-groups.ts'

export interface Machine {
  readonly groups: ProcessGroups
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  readonly print: (text: string) => void
}

/** Installs packages of the distribution where that needs no password. Returns whether they are there now. */
export async function installed(machine: Machine, packages: readonly string[], why: string): Promise<boolean> {
  const prefix = await privilege(machine)
  if (prefix === undefined) return false
  machine.print(`${why}: installing the distribution’s with apt-get, once`)
  // Another installation may hold the locks for minutes. The lock of the lists has no waiting option of its own.
  const script = [
    `for try in 1 2 3 4 5 6; do ${prefix} apt-get update -q && break; sleep 10; done`,
    `${prefix} apt-get install -yq --no-install-recommends -o DPkg::Lock::Timeout=300 ${packages.join(' ')}`,
  ].join('\n')
  const { code, output, stopped } = await machine.groups.run('sh', ['-c', script], {
    cwd: machine.root,
    // RUNLEVEL: a server that comes with its package is not started by it; tests start their own, on their own ports.
    env: { ...machine.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    silence: 400_000,
  })
  if (code !== 0) machine.print(`${output.trimEnd()}\napt-get failed${stopped === undefined ? '' : `: ${stopped}`}`)
  return code === 0
}

const format = `-f=\${Package} \${db:Status-Status}\\n`

/** Those of the packages that are not installed; all of them where there is no dpkg to ask. */
export async function missingPackages(
  { groups, root, env }: Machine,
  packages: readonly string[],
): Promise<readonly string[]> {
  const { output } = await groups.run('dpkg-query', ['-W', format, ...packages], {
    cwd: root,
    env,
    silence: 30_000,
  })
  const there = new Set(output.split('\n').filter((line) => line.endsWith(' installed')))
  return packages.filter((name) => !there.has(`${name} installed`))
}

/** What to write before `apt-get`: nothing as root, `sudo -n` where it asks for no password, absent when neither. */
async function privilege({ groups, root, env }: Machine): Promise<string | undefined> {
  const succeeds = async (script: string): Promise<boolean> =>
    (await groups.run('sh', ['-c', script], { cwd: root, env, silence: 10_000 })).code === 0
  if (!(await succeeds('command -v apt-get'))) return undefined
  if (process.getuid?.() === 0) return ''
  return (await succeeds('sudo -n true')) ? 'sudo -n' : undefined
}
