import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DescribedExport, DescribedMember } from './described-export.ts'
import { defaultIn, optionsPage } from './options-page.ts'

const member = (name: string, type: string, text = ''): DescribedMember => ({ name, optional: true, type, text })

const described = (name: string, members: readonly DescribedMember[], line = 1): DescribedExport => ({
  name,
  kind: 'interface',
  text: '',
  signatures: [],
  inherits: [],
  members,
  file: `${name}.ts`,
  line,
})

test('options: the sentence that tells the default stands in a column of its own', () => {
  assert.deepEqual(defaultIn('Life of a code. Default 60, at most 600 (RFC 6749 §4.1.2).'), {
    byDefault: '60, at most 600 (RFC 6749 §4.1.2)',
    rest: 'Life of a code.',
  })
  assert.deepEqual(defaultIn('Default: the users of the store. Asked at every sign-in.'), {
    byDefault: 'the users of the store',
    rest: 'Asked at every sign-in.',
  })
  assert.deepEqual(defaultIn('Default `a.b. c`.'), { byDefault: '`a.b. c`', rest: '' })
  assert.deepEqual(defaultIn('Grants the default scope.'), { byDefault: '', rest: 'Grants the default scope.' })
})

test('options: what is inside of options has a section too, and is linked; what is no option has none', () => {
  const page = optionsPage([
    {
      specifier: 'cardea',
      exports: [
        described('Unrelated', [member('x', 'number')]),
        described('Lifetimes', [member('code', 'number')]),
        described('ProviderOptions', [member('lifetimes', 'Partial<Lifetimes>'), member('mode', "'a' | 'b'")]),
      ],
    },
  ])
  assert.deepEqual(
    [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
    ['ProviderOptions', 'Lifetimes'],
  )
  assert.ok(page.includes('| `lifetimes?` | [`Partial<Lifetimes>`](#lifetimes) |'))
  assert.ok(page.includes("| `mode?` | `'a' \\| 'b'` |"))
})

test('options: one declaration that two entries export is told once, two of one name are told apart', () => {
  const shared = described('AdapterOptions', [member('x', 'number')])
  const other = { ...described('AdapterOptions', [member('y', 'number')]), file: 'other.ts' }
  const page = optionsPage([
    { specifier: 'cardea/koa', exports: [shared] },
    { specifier: 'cardea/express', exports: [{ ...shared, name: 'IncomingOptions' }] },
    { specifier: 'cardea/hono', exports: [other] },
  ])
  assert.deepEqual(
    [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
    ['AdapterOptions of cardea/koa', 'AdapterOptions of cardea/hono'],
  )
  assert.ok(page.includes('Of `cardea/koa`, `cardea/express`.'))
})
