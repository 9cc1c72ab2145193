import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { takeNotes } from './notes-api.ts'
import { startOnFreePort } from './started-example.ts'

for (const program of ['express/server.ts', 'fastify/server.ts', 'hono/server.ts', 'koa/server.ts']) {
  test(`example ${program}: a person allows an app, and the API opens as far as the scope goes`, async () => {
    const example = await startOnFreePort(program)
    try {
      await takeNotes(example.origin)
    } finally {
      assert.equal(await example.stop(), 0)
    }
  })
}

test('example nest: compiled as its README says, it does the same', async () => {
  const compiled = spawnSync('tsc', ['-p', fileURLToPath(new URL('nest', import.meta.url))], { encoding: 'utf8' })
  assert.equal(compiled.status, 0, compiled.stdout)
  const example = await startOnFreePort('nest/dist/nest/main.js')
  try {
    await takeNotes(example.origin)
  } finally {
    // Nest ends itself by the signal it was asked with.
    assert.equal(await example.stop(), null)
  }
})
