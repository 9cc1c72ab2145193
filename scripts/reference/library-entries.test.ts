import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { projectRoot } from '../project-files.ts'
import { libraryEntries } from './library-entries.ts'
import { referencePage } from './reference-page.ts'

const results = join(projectRoot, 'test-results')
mkdirSync(results, { recursive: true })
const root = mkdtempSync(join(results, 'reference-'))
after(() => rmSync(root, { recursive: true, force: true }))

const files: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'small',
    exports: { '.': { 'cardea-source': './index.ts' }, './package.json': './package.json' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { strict: true, module: 'nodenext', allowImportingTsExtensions: true, noEmit: true, types: [] },
    files: ['index.ts'],
  }),
  'index.ts': `export { Door, type Key, open as unlock, size, knock } from './door.ts'`,
  'door.ts': `
/** What keys have. */
export interface Metal {
  /** In grams. */
  readonly weight: number
}
/** Opens a door. */
export interface Key extends Metal {
  /** Teeth. Default 5. */
  readonly teeth?: number
  turn(times: number): boolean
}
/** A door. */
export class Door extends Error {
  readonly #lock = 1
  /** Of which it is made. */
  readonly wood = 'oak'
  constructor(readonly name: string) { super() }
  private hinge(): void {}
  shut(): number { return this.#lock }
  async #creak(): Promise<void> {}
  async open(): Promise<void> { await this.#creak() }
}
/**
 * Lets in.
 * @throws TypeError for the wrong key
 */
export function open(key: Key): Door
export function open(key: Key, door: Door): Door
export function open(_key: Key, door?: Door): Door { return door ?? new Door('x') }
export const size = 'large' as const
/** Somebody comes. */
export const knock = (times = 1) => ({
  /** How loud. */
  loud: times > 3,
})
`,
}
for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
const [entry] = libraryEntries({ root, folder: '.' })
const find = (name: string) => entry?.exports.find((one) => one.name === name)

test('reference: every export of an entry is there under the name it is imported by, types too', () => {
  assert.equal(entry?.specifier, 'small')
  assert.deepEqual(entry?.exports.map(({ name, kind }) => `${kind} ${name}`).sort(), [
    'class Door',
    'constant size',
    'function knock',
    'function unlock',
    'interface Key',
  ])
})

test('reference: docstrings come with what is thrown; of overloads, those that can be called', () => {
  assert.equal(find('unlock')?.text, 'Lets in. Throws TypeError for the wrong key.')
  assert.deepEqual(find('unlock')?.signatures, [
    'function unlock(key: Key): Door',
    'function unlock(key: Key, door: Door): Door',
  ])
  assert.deepEqual(find('size'), { ...find('size'), text: '', signatures: ["const size: 'large'"] })
})

test('reference: members are those that a host sees, inherited ones of the project among them', () => {
  assert.deepEqual(find('Door')?.inherits, ['Error'])
  assert.deepEqual(
    find('Door')
      ?.members.map(({ name }) => name)
      .sort(),
    ['name', 'open', 'shut', 'wood'],
  )
  assert.deepEqual(find('Key')?.members, [
    { name: 'teeth', optional: true, type: 'number', text: 'Teeth. Default 5.' },
    { name: 'turn', optional: false, type: '(times: number): boolean', text: '' },
    { name: 'weight', optional: false, type: 'number', text: 'In grams.' },
  ])
  assert.deepEqual(find('knock')?.members, [{ name: 'loud', optional: false, type: 'boolean', text: 'How loud.' }])
})

test('reference: a page holds values first, each with how it is called', () => {
  const page = referencePage(entry ?? { specifier: '', exports: [] })
  assert.deepEqual(
    [...page.matchAll(/^###? (.*)$/gm)].map(([, title]) => title),
    ['Values', 'Door', 'knock', 'size', 'unlock', 'Types', 'Key'],
  )
  assert.match(page, /```tsx\nfunction unlock\(key: Key\): Door\n/)
  assert.match(page, /\| `teeth\?` \| `number` \| Teeth\. Default 5\. \|/)
})
