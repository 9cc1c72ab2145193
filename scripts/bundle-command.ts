import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { projectFiles, projectRoot } from './project-files.ts'

/*
 * The command in few files: Node.js needs a third less processor time to its first token than for the hundreds of modules
 * that it is made of. What is loaded when it is needed has a file of its own; without, every module around it would be
 * wrapped in a function, and half of what is saved be lost. What others have written stays outside, each with its own
 * licence.
 */

/** Whether a file of the package is the command or a part of it, which no single source stands for. */
export const isCommand = (file: string): boolean => /^dist\/command(?:-[\w-]+)?\.js$/.test(file)

/** Whether a file that was made of others is older than any of them, or is not there. */
export function isStale(made: string, of: readonly string[]): boolean {
  if (!existsSync(made)) return true
  const at = statSync(made).mtimeMs
  return of.some((file) => statSync(file).mtimeMs > at)
}

const server = join(projectRoot, 'packages/server')
const folder = join(server, 'dist')
const target = join(folder, 'command.js')

/** What it is made of, what says how, and this. */
function ingredients(): string[] {
  const sources = ['packages/server/src', 'packages/cardea/src'].flatMap((folder) => projectFiles(projectRoot, folder))
  const others = ['packages/server/package.json', 'packages/cardea/package.json', 'scripts/bundle-command.ts']
  return [...sources.filter((file) => !file.endsWith('.test.ts')), ...others].map((file) => join(projectRoot, file))
}

async function bundle(): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(server, 'package.json'), 'utf8')) as { dependencies: object }
  const { outputFiles } = await build({
    entryPoints: { command: join(server, 'src/main.ts') },
    outdir: folder,
    chunkNames: 'command-[name]-[hash]',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    conditions: ['cardea-source'],
    external: Object.keys(manifest.dependencies).filter((name) => name !== 'cardea'),
    legalComments: 'none',
    logLevel: 'warning',
  })
  const made = new Map(outputFiles.map(({ contents, path }) => [basename(path), contents]))
  // The command itself comes last and in one step: whoever starts it meanwhile gets the old one or the new one.
  for (const [name, contents] of made) writeFileSync(join(folder, `${name}.${process.pid}`), contents)
  const parts = [...made.keys()].filter((name) => join(folder, name) !== target)
  for (const name of [...parts, basename(target)])
    renameSync(join(folder, `${name}.${process.pid}`), join(folder, name))
  for (const name of readdirSync(folder)) if (isCommand(`dist/${name}`) && !made.has(name)) rmSync(join(folder, name))
}

if (import.meta.main && isStale(target, ingredients())) await bundle()
