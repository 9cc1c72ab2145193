import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Host } from './host.ts'
import { entriesOf, type Manifest } from './packed.ts'
import { programs } from './programs.ts'

/** Every flag that finds something, and none that looks away from our declarations. No DOM: servers have none. */
const strictest = {
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  isolatedModules: true,
  noEmit: true,
  target: 'es2023',
  lib: ['es2024'],
  types: ['node'],
}

const resolutions = [
  { name: 'nodenext', options: { module: 'nodenext', moduleResolution: 'nodenext' } },
  { name: 'bundler', options: { module: 'preserve', moduleResolution: 'bundler' } },
]

const compilers = ['.', 'runtimes/oldest'].map((folder) => {
  const { resolve } = createRequire(new URL(`../../${folder}/package.json`, import.meta.url))
  const path = resolve('typescript/package.json')
  const { version } = createRequire(import.meta.url)(path) as { version: string }
  return { version, program: join(dirname(path), 'bin/tsc') }
})

/** Programs that import everything there is, type-checked where no framework and no database driver is installed. */
export function hostTypes(host: () => Host, manifest: () => Manifest): void {
  for (const { version, program } of compilers) {
    for (const { name, options } of resolutions) {
      test(`package: every entry has its types with TypeScript ${version}, ${name} resolution`, () => {
        const { folder, write } = host()
        const files = [
          write('server.mts', programs.server),
          write('oauth1.mts', programs.oauth1),
          write(
            'everything.mts',
            everyEntry(manifest(), (from, as) => `import * as ${as} from '${from}'`),
          ),
          write(
            'everything.cts',
            everyEntry(manifest(), (from, as) => `import ${as} = require('${from}')`),
          ),
        ]
        const config = { compilerOptions: { ...strictest, ...options, typeRoots: [typesOfNode] }, files }
        const checked = spawnSync(process.execPath, [program, '-p', write('tsconfig.json', JSON.stringify(config))], {
          cwd: folder,
          encoding: 'utf8',
        })
        assert.equal(checked.stdout, '')
        assert.equal(checked.status, 0, checked.stderr)
      })
    }
  }
}

const typesOfNode = resolve(fileURLToPath(import.meta.resolve('@types/node/package.json')), '../..')

function everyEntry(manifest: Manifest, statement: (from: string, as: string) => string): string {
  const imports = entriesOf(manifest).map((entry, index) => statement(entry, `entry${index}`))
  return [...imports, `export const all = [${imports.map((_, index) => `entry${index}`)}]`, ''].join('\n')
}
