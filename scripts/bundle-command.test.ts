import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isStale } from './bundle-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'cardea-stale-'))
after(() => rmSync(folder, { recursive: true }))

function fileOf(name: string, at: number): string {
  const file = join(folder, name)
  writeFileSync(file, '')
  utimesSync(file, at, at)
  return file
}

test('build: what is not there, or older than anything it is made of, is made', () => {
  const [old, older] = [fileOf('old', 2), fileOf('older', 1)]
  const made = fileOf('made', 3)
  assert.equal(isStale(join(folder, 'none'), [old]), true)
  assert.equal(isStale(made, [old, older]), false)
  assert.equal(isStale(made, [old, fileOf('new', 4)]), true)
})
