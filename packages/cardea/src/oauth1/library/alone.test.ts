import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { test } from 'node:test'

const sources = join(import.meta.dirname, '../..')

/** Every source that an entry point loads, directly or not, below `src`. */
function loadedBy(entry: string): Set<string> {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    const text = readFileSync(file, 'utf8')
    const statements = text.matchAll(/^(?:import|export)\s(?!type\s)[^'"]*?from\s'(\.[^']+)'/gms)
    for (const [, specifier = ''] of statements) visit(join(dirname(file), specifier))
  }
  visit(join(sources, entry))
  return new Set([...found].map((file) => relative(sources, file)))
}

test('cardea/oauth1: loads nothing of OAuth 2, of the provider, or of a store', () => {
  const loaded = loadedBy('oauth1/index.ts')
  assert.ok(loaded.has('oauth1/access-token.ts'))
  const foreign = [...loaded].filter(
    (file) =>
      !/^(?:oauth1|core|http|adapters|interaction\/pages)\//.test(file) || /^adapters\/(?:node|fetch)\.ts$/.test(file),
  )
  assert.deepEqual(foreign, [])
  assert.ok(![...loaded].some((file) => /core\/tokens\/(?:issue|lookup|successor)/.test(file)))
})
