import assert from 'node:assert/strict'
import { test } from 'node:test'
import { docBlocks } from './doc-blocks.ts'

test('docs: finds every fence with its language, flags and line', () => {
  const page = '# Title\n\n```ts norun\nconst a = 1\n```\n\ntext\n\n~~~SH\nnpm test\n~~~\n'
  assert.deepEqual(docBlocks('README.md', page), [
    { file: 'README.md', line: 4, language: 'ts', flags: ['norun'], text: 'const a = 1\n' },
    { file: 'README.md', line: 10, language: 'sh', flags: [], text: 'npm test\n' },
  ])
})

test('docs: takes the indent of a list off, and no more', () => {
  assert.deepEqual(
    docBlocks('a.md', '1. Do\n\n   ```ts\n   if (a) {\n     b()\n   }\n   ```\n').map(({ text }) => text),
    ['if (a) {\n  b()\n}\n'],
  )
})

test('docs: a longer fence shows a shorter one, and an open fence ends with the page', () => {
  assert.deepEqual(
    docBlocks('a.md', '````md\n```ts\nx\n```\n````\n```ts\ny\n').map(({ language, text }) => [language, text]),
    [
      ['md', '```ts\nx\n```\n'],
      ['ts', 'y\n\n'],
    ],
  )
})
