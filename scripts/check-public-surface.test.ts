import assert from 'node:assert/strict'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { anyFindings } from './check-public-surface.ts'
import { publicSurface } from './public-surface.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'cardea-surface-')))
after(() => rmSync(root, { recursive: true }))

function found(index: string): string[] {
  writeFileSync(join(root, 'index.ts'), index)
  writeFileSync(join(root, 'inner.ts'), 'export interface Inner { readonly x: number }\n')
  const compilerOptions = { module: 'nodenext', allowImportingTsExtensions: true, noEmit: true, types: [] }
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts', 'inner.ts'] }))
  const { findings } = publicSurface(root, join(root, 'tsconfig.json'), [join(root, 'index.ts')])
  return findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`)
}

test('public surface: an export and its members have to say what they mean', () => {
  const exported = '/** A thing. */\nexport interface Thing {\n  readonly name: string\n}\n'
  assert.deepEqual(found(`${exported}export const one = 1\n`), [
    'index.ts:3 Thing.name does not say what it means',
    'index.ts:5 one does not say what it means',
  ])
  assert.deepEqual(found(exported.replace('  readonly', '  /** Its name. */\n  readonly')), [])
})

test('public surface: members that nobody outside can use need no words', () => {
  assert.deepEqual(
    found(`/** A thing. */
export class Thing<Kind> {
  readonly #name: Kind | undefined
  constructor(name?: Kind) { this.#name = name }
  /** Its name. */
  name() { return this.#name }
}
`),
    [],
  )
})

test('public surface: what an exported name is made of can be imported too, unless its module keeps it to itself', () => {
  const made = `import type { Inner } from './inner.ts'
type Own = Inner['x']
/** Makes it. */
export function make(own: Own): Inner { return { x: own } }
`
  assert.deepEqual(found(made), ['inner.ts:1 Inner, of which make is made, cannot be imported'])
  assert.deepEqual(found(`${made}export type { Inner } from './inner.ts'\n`), [
    'inner.ts:1 Inner does not say what it means',
    'inner.ts:1 Inner.x does not say what it means',
  ])
})

test('public surface: what is said to be internal is left alone', () => {
  const member = '  /** @internal */\n  readonly inner: Inner\n'
  assert.deepEqual(
    found(`import type { Inner } from './inner.ts'\n/** A thing. */\nexport interface Thing {\n${member}}\n`),
    [],
  )
})

test('public surface: any is found in declarations, not in what is said of them', () => {
  const declarations = "/** any */\nexport declare const a: 'any'; // any\nexport declare const b: (x: any) => void;\n"
  assert.deepEqual(anyFindings('a.d.ts', declarations), [{ file: 'a.d.ts', line: 3, rule: 'any, in what hosts see' }])
})
