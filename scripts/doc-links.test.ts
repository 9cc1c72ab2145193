import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anchorsOf, linkFindings } from './doc-links.ts'

const found = (pages: Record<string, string>, files: readonly string[] = []): string[] =>
  linkFindings({ pages: new Map(Object.entries(pages)), exists: (path) => files.includes(path) }).map(
    ({ file, line, rule }) => `${file}:${line} ${rule}`,
  )

test('docs: a link to a page or file that is not there is found with its line', () => {
  assert.deepEqual(
    found(
      { 'docs/a.md': 'see\n[b](b.md), [c](how-to/c.md), [r](../README.md), [x](../examples/x)', 'docs/b.md': '# B' },
      ['README.md', 'examples/x'],
    ),
    ['docs/a.md:2 there is no docs/how-to/c.md'],
  )
})

test('docs: an anchor must be a heading of its page, as GitHub names it', () => {
  const pages = {
    'a.md':
      '[1](#own), [2](b.md#oauth-10a), [3](b.md#with-code), [4](b.md#again-1), [5](b.md#gone), [6](x.ts#L1)\n# Own',
    'b.md': '## OAuth 1.0a\n## With `code`\n## Again\n## Again\n```sh\n# gone\n```\n',
  }
  assert.deepEqual(found(pages, ['x.ts']), ['a.md:1 b.md has no heading #gone'])
  assert.ok(anchorsOf('### `/oauth1/verify`').has('oauth1verify'))
})

test('docs: addresses elsewhere and links in code are none of ours', () => {
  assert.deepEqual(
    found({ 'a.md': '[w](https://example.com/x.md), [m](mailto:a@b.c)\n```md\n[x](gone.md)\n```\n' }),
    [],
  )
})
