import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkFile } from './check-sizes.ts'

const rules = (file: string, content: string): string[] =>
  checkFile(file, content).map(({ line, rule }) => `${line} ${rule}`)

test('sizes: 300 lines are allowed, 301 are not', () => {
  assert.deepEqual(rules('a.ts', 'x\n'.repeat(300)), [])
  assert.deepEqual(rules('a.ts', 'x\n'.repeat(301)), ['301 301 lines, 300 are allowed'])
  assert.deepEqual(rules('a.md', 'x\n'.repeat(301)), [])
})

test('sizes: a vague file name is refused, a longer name with the same word is not', () => {
  assert.deepEqual(rules('src/utils.ts', ''), ['1 utils.ts: name the file for the one thing it holds'])
  assert.deepEqual(rules('src/base-string.ts', ''), [])
  assert.deepEqual(rules('src/helpers.test.ts', ''), [])
})

test('sizes: a path of one machine is found, a path of a URL is not', () => {
  assert.deepEqual(rules('a.md', 'first\nsee /home/ada/a.ts\n'), ['2 a path of one machine'])
  assert.deepEqual(rules('a.ts', "'/home/someone/x'"), ['1 a path of one machine'])
  assert.deepEqual(rules('a.ts', "'https://example.com/home/ada/x' + './home/ada/x'"), [])
})

test('sizes: a registry host is found in text and in the lock file', () => {
  assert.deepEqual(rules('a.yml', 'url: https://registry.example.com/x'), ['1 the host name of a package registry'])
  const rule = 'a registry host in the lock file: install with this .npmrc'
  assert.deepEqual(rules('package-lock.json', '{\n"resolved": "https://packages.example.com/a.tgz"'), [`2 ${rule}`])
  assert.deepEqual(rules('package-lock.json', '"resolved": "packages/cardea"'), [])
})

test('sizes: unfinished work needs its issue', () => {
  assert.equal(rules('a.ts', '// TODO later').length, 1)
  assert.deepEqual(rules('a.ts', '// TODO(#12) later'), [])
})
