import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProcessGroups } from './process-groups.ts'
import { projectFiles } from './project-files.ts'

/** Scripts by workspace name and by workspace folder; the root's own under `''`. */
export function knownNpmScripts(root: string): Map<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>()
  const manifests = ['packages', 'benchmarks', 'examples'].flatMap((folder) => projectFiles(root, folder))
  for (const file of ['package.json', ...manifests.filter((path) => path.endsWith('/package.json'))]) {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      name?: string
      scripts?: Record<string, string>
    }
    const scripts = new Set(Object.keys(manifest.scripts ?? {}))
    const folder = file.replace(/\/?package\.json$/, '')
    found.set(folder, scripts)
    if (folder !== '' && manifest.name !== undefined) found.set(manifest.name, scripts)
  }
  return found
}

export interface CommandLine {
  readonly groups: ProcessGroups
  readonly root: string
  readonly env: NodeJS.ProcessEnv
}

/** Asks the program's own `--help`, two levels deep. Undefined while the program does not start. */
export async function knownCardeaCommands(context: CommandLine): Promise<ReadonlySet<string> | undefined> {
  const first = await commandsOf([], context)
  if (first.length === 0) return undefined
  const second = await Promise.all(
    first.map(async (command) => (await commandsOf([command], context)).map((name) => `${command} ${name}`)),
  )
  return new Set([...first, ...second.flat()])
}

async function commandsOf(command: readonly string[], { groups, root, env }: CommandLine): Promise<string[]> {
  const program = join(root, 'packages/server/src/main.ts')
  if (!existsSync(program)) return []
  const args = ['--conditions=cardea-source', program, ...command, '--help']
  const { code, output } = await groups.run(process.execPath, args, { cwd: root, env, silence: 20_000 })
  return code === 0 ? commandsInHelp(output) : []
}

/** The names under `Commands:` of a help text; of `list|ls` both. */
export function commandsInHelp(help: string): string[] {
  const section = /^Commands:\n(?<rows>(?:[ \t]+.*\n?)*)/m.exec(help)?.groups?.rows ?? ''
  const names = [...section.matchAll(/^ {2}(?<names>[a-z][\w|-]*)/gm)].flatMap((row) =>
    (row.groups?.names ?? '').split('|'),
  )
  return names.filter((name) => name !== 'help')
}
