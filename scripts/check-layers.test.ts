import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { checkLayers } from './check-layers.ts'

/** Lays out `files` (relative to the library's src) in a temporary project and returns what the check says. */
function findings(t: TestContext, files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'layers-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, 'packages/cardea/src', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return checkLayers(root).map(({ file, line, rule }) => `${file.replace('packages/cardea/src/', '')}:${line} ${rule}`)
}

const empty = 'export {}\n'

test('layers: imports that run downwards are accepted', (t) => {
  const said = findings(t, {
    'core/spec/errors.ts': empty,
    'core/model/client.ts': "import { a } from '../spec/errors.ts'\n",
    'oauth2/token/endpoint.ts': "import type { A } from '../../core/model/client.ts'\nimport './grants.ts'\n",
    'oauth2/token/grants.ts': empty,
    'provider.ts': "import { endpoints } from './endpoints.ts'\nimport { a } from './oauth2/token/grants.ts'\n",
    'endpoints.ts': empty,
  })
  assert.deepEqual(said, [])
})

test('layers: an upward import is reported with file, line and rule, whatever its form', (t) => {
  const said = findings(t, {
    'http/routes.ts': empty,
    'core/model/one.ts': "\nimport {\n  a,\n} from '../../http/routes.ts'\n",
    'core/model/two.ts': "import type { A } from '../../http/routes.ts'\n",
    'core/model/three.ts': "export * from '../../http/routes.ts'\n",
    'core/model/four.ts': "const a = 1\nconst b = await import('../../http/routes.ts')\n",
  })
  assert.deepEqual(said, [
    'core/model/four.ts:2 core/model must not see http',
    'core/model/one.ts:2 core/model must not see http',
    'core/model/three.ts:1 core/model must not see http',
    'core/model/two.ts:1 core/model must not see http',
  ])
})

test('layers: the two protocol families do not see each other', (t) => {
  const said = findings(t, { 'oauth1/a.ts': "import '../oauth2/b.ts'\n", 'oauth2/b.ts': empty })
  assert.deepEqual(said, ['oauth1/a.ts:1 oauth1 must not see oauth2'])
})

test('layers: an adapter sees the provider by its type only', (t) => {
  const said = findings(t, {
    'provider.ts': empty,
    'adapters/node.ts': "import type { Handler } from '../provider.ts'\nimport { provider } from '../provider.ts'\n",
  })
  assert.deepEqual(said, ['adapters/node.ts:2 adapters sees provider.ts by `import type` only'])
})

test('layers: what puts the library together sees no store, and no layer sees it', (t) => {
  const said = findings(t, {
    'provider.ts': "import { memory } from './stores/memory.ts'\n",
    'stores/memory.ts': empty,
    'interaction/a.ts': "import type { Provider } from '../provider.ts'\n",
  })
  assert.deepEqual(said, [
    'interaction/a.ts:1 interaction must not see provider.ts',
    'provider.ts:1 the files beside index.ts must not see stores',
  ])
})

test('layers: built-in modules stay where they belong', (t) => {
  const said = findings(t, {
    'core/crypto/digest.ts': "import { hash } from 'node:crypto'\n",
    'interaction/pages/stylesheet.ts': "import { hash } from 'node:crypto'\n",
    'interaction/pages/consent.ts': "import { hash } from 'node:crypto'\n",
    'core/rules/scope.ts': "import os from 'node:os'\n",
  })
  assert.deepEqual(said, [
    'core/rules/scope.ts:1 node:os has no place in the library',
    'interaction/pages/consent.ts:1 node:crypto belongs to core/crypto, interaction/pages/stylesheet, interaction/pages/layout',
  ])
})

test('layers: jose where tokens are signed and nowhere else', (t) => {
  const said = findings(t, {
    'core/crypto/jose/a.ts': "import { calculateJwkThumbprint } from 'jose'\n",
    'oauth2/b.ts': "import { jwtVerify } from 'jose'\n",
  })
  assert.deepEqual(said, ['oauth2/b.ts:1 jose belongs to core/crypto/jose'])
})

test('layers: kysely only in stores, and only as a type or on demand', (t) => {
  const said = findings(t, {
    'stores/sqlite/a.ts': "import type { Kysely } from 'kysely'\nconst { sql } = await import('kysely')\n",
    'stores/sqlite/b.ts': "import { sql } from 'kysely'\n",
    'http/c.ts': "import type { Kysely } from 'kysely'\n",
    'http/d.ts': "import express from 'express'\n",
  })
  assert.deepEqual(said, [
    'http/c.ts:1 kysely belongs to stores',
    'http/d.ts:1 express is not a package the library may use',
    'stores/sqlite/b.ts:1 kysely is optional: `import type` or `await import()` only',
  ])
})

test('layers: tests and testing/ see everything except the server', (t) => {
  const said = findings(t, {
    'provider.ts': empty,
    'core/spec/a.test.ts': "import '../../provider.ts'\nimport fc from 'fast-check'\nimport 'node:os'\n",
    'testing/index.ts': "import '../provider.ts'\nimport 'node:http'\nimport fc from 'fast-check'\n",
    'testing/b.ts': "import { serve } from 'cardea-server'\n",
  })
  assert.deepEqual(said, [
    'testing/b.ts:1 the library never imports packages/server',
    'testing/index.ts:3 fast-check is not a package the library may use',
  ])
})

test('layers: an import of nothing, of a test, and a file without a layer are reported', (t) => {
  const said = findings(t, {
    'http/a.ts': "import './gone.ts'\nimport './a.test.ts'\n",
    'http/a.test.ts': empty,
    'misc/b.ts': empty,
  })
  assert.deepEqual(said, [
    'http/a.ts:1 ./gone.ts does not exist',
    'http/a.ts:2 a source never imports a test',
    'misc/b.ts:1 misc/b.ts belongs to no layer',
  ])
})

test('layers: an import inside a comment or a template does not count', (t) => {
  const said = findings(t, {
    'http/a.ts': "/*\nimport './gone.ts'\n*/\n// import './gone.ts'\nconst b = `\nimport './gone.ts'\n`\n",
  })
  assert.deepEqual(said, [])
})
