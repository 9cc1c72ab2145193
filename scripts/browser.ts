import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { ProcessGroups } from './process-groups.ts'

const wellKnown = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const commandNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

export const missingBrowser = [
  'No Chromium was found and it could not be installed, so the pages were not tested.',
  'Install it (Debian, Ubuntu: `sudo apt-get install chromium`; macOS: `brew install --cask chromium`),',
  'or name one: `CHROMIUM_PATH=/path/to/chromium npm test`, or leave the pages out: `npm test -- --without browser`.',
].join('\n')

/** The Chromium to test with: `CHROMIUM_PATH` alone when it is set, else the usual places, else `PATH`. */
export function findChromium(
  env: NodeJS.ProcessEnv,
  runs: (path: string) => boolean = isExecutable,
): string | undefined {
  if (env.CHROMIUM_PATH) return runs(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...wellKnown, ...folders.flatMap((folder) => commandNames.map((name) => join(folder, name)))].find(runs)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface Machine {
  readonly groups: ProcessGroups
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  readonly print: (text: string) => void
}

/** Finds a Chromium, or installs the distribution's where that needs no password. */
export async function chromium(machine: Machine): Promise<string | undefined> {
  const found = findChromium(machine.env)
  if (found !== undefined || machine.env.CHROMIUM_PATH) return found
  const prefix = await privilege(machine)
  if (prefix === undefined) return undefined
  machine.print('No Chromium here: installing the distribution’s with apt-get, once')
  // Another installation may hold the locks for minutes. The lock of the lists has no waiting option of its own.
  const script = [
    `for try in 1 2 3 4 5 6; do ${prefix} apt-get update -q && break; sleep 10; done`,
    `${prefix} apt-get install -yq --no-install-recommends -o DPkg::Lock::Timeout=300 chromium fonts-liberation`,
  ].join('\n')
  const { code, output, stopped } = await machine.groups.run('sh', ['-c', script], {
    cwd: machine.root,
    env: { ...machine.env, DEBIAN_FRONTEND: 'noninteractive' },
    silence: 400_000,
  })
  if (code !== 0) machine.print(`${output.trimEnd()}\napt-get failed${stopped === undefined ? '' : `: ${stopped}`}`)
  return findChromium(machine.env)
}

/** What to write before `apt-get`: nothing as root, `sudo -n` where it asks for no password, absent when neither. */
async function privilege({ groups, root, env }: Machine): Promise<string | undefined> {
  const succeeds = async (script: string): Promise<boolean> =>
    (await groups.run('sh', ['-c', script], { cwd: root, env, silence: 10_000 })).code === 0
  if (!(await succeeds('command -v apt-get'))) return undefined
  if (process.getuid?.() === 0) return ''
  return (await succeeds('sudo -n true')) ? 'sudo -n' : undefined
}
