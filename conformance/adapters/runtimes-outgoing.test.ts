import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runtimes } from './other-runtime.ts'

const file = fileURLToPath(new URL('runtime-outgoing.ts', import.meta.url))
const argsOf: Readonly<Record<string, readonly string[]>> = { Bun: [], Deno: ['run', '-A', '--no-check'] }

for (const { name, program } of [{ name: 'Node.js', program: process.execPath }, ...runtimes]) {
  const args = name === 'Node.js' ? [] : argsOf[name]
  if (args === undefined) continue
  const isThere = program !== undefined && spawnSync(program, ['--version']).status === 0
  test(`T-SSRF-1: ${name}: other servers are asked at permitted addresses only, whoever makes the connection`, {
    skip: isThere ? false : `the ${name} of npm does not start on this machine`,
  }, () => {
    const ran = spawnSync(program as string, [...args, '--conditions=cardea-source', file], { encoding: 'utf8' })
    assert.equal(ran.stdout, 'the guard holds\n', ran.stderr)
  })
}
