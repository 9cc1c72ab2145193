import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

test('Command line: of very many mistakes the first are shown, and how many there are more', async () => {
  const cli = new InProcessWorld()
  cli.write('rows.json', { scopes: Array.from({ length: 300 }, () => ({ name: 'not a name' })) })
  const { code, err } = await cli.run('load rows.json')
  assert.equal(code, 2)
  const lines = err.trimEnd().split('\n')
  assert.equal(lines.length, 51)
  assert.match(lines[0] ?? '', /^error: scopes\[0\]\.name/)
  assert.equal(lines[50], 'error: … and 250 more')
})

test('Command line: control characters in a name cannot rewrite the terminal through an error', async () => {
  const cli = new InProcessWorld()
  await cli.run('migrate')
  const { code, err } = await cli.run(['user', 'show', '\u001b[2Jjane\u202e'])
  assert.equal(code, 3)
  assert.match(err, /^error: There is no user .*jane/)
  assert.doesNotMatch(err.trimEnd(), /[\p{Cc}\p{Cf}]/u)
})
