import { existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { projectFiles, projectRoot } from './project-files.ts'

/*
 * The command as one file: Node.js needs a third less processor time to its first token than for the hundreds of modules
 * that it is made of. What others have written stays outside, each with its own licence.
 */

/** Whether a file that was made of others is older than any of them, or is not there. */
export function isStale(made: string, of: readonly string[]): boolean {
  if (!existsSync(made)) return true
  const at = statSync(made).mtimeMs
  return of.some((file) => statSync(file).mtimeMs > at)
}

const server = join(projectRoot, 'packages/server')
const target = join(server, 'dist/command.js')

/** What it is made of, what says how, and this. */
function ingredients(): string[] {
  const sources = ['packages/server/src', 'packages/cardea/src'].flatMap((folder) => projectFiles(projectRoot, folder))
  const others = ['packages/server/package.json', 'packages/cardea/package.json', 'scripts/bundle-command.ts']
  return [...sources.filter((file) => !file.endsWith('.test.ts')), ...others].map((file) => join(projectRoot, file))
}

async function bundle(): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(server, 'package.json'), 'utf8')) as { dependencies: object }
  const unfinished = `${target}.${process.pid}`
  await build({
    entryPoints: [join(server, 'src/main.ts')],
    outfile: unfinished,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    conditions: ['cardea-source'],
    external: Object.keys(manifest.dependencies).filter((name) => name !== 'cardea'),
    legalComments: 'none',
    logLevel: 'warning',
  })
  // In one step: whoever starts the command meanwhile gets the old one or the new one.
  renameSync(unfinished, target)
}

if (import.meta.main && isStale(target, ingredients())) await bundle()
