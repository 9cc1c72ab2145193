import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import { docBlocks } from '../../scripts/doc-blocks.ts'

/** The program of the README, out of the page that a reader copies it from. */
function programOfTheReadme(): string {
  const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const program = docBlocks('README.md', page).find(({ language }) => language === 'ts')
  if (program === undefined) throw new Error('the README has no program')
  return program.text
}

export const programs = {
  server: programOfTheReadme(),
  oauth1: readFileSync(new URL('programs/oauth1-protector.ts', import.meta.url), 'utf8'),
} as const

/** As a program in JavaScript whose modules are imported. */
export const importing = (program: string): string => transformSync(program, { loader: 'ts' }).code

/** The same with `require`: CommonJS has neither `import` nor `await` outside of functions. */
export function requiring(program: string): string {
  const calls = importing(program)
    .replace(/^import (?:\* as )?(\{[^}]*\}|\w+) from ("[^"]+")/gm, (_all, names: string, from: string) => {
      return `const ${names.replaceAll(' as ', ': ')} = require(${from})`
    })
    .replace(/^export /gm, '')
  if (/^import /m.test(calls)) throw new Error('an import of a kind that is not translated')
  return `async function main() {\n${calls}\n}\nmain().catch((error) => {\n  console.error(error)\n  process.exit(1)\n})\n`
}
