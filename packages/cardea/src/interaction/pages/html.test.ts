import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html, raw } from './html.ts'

const truth: readonly (readonly [string, string])[] = [
  ['plain', 'plain'],
  ['', ''],
  ['<script>', '&lt;script&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['&lt;', '&amp;lt;'],
  ['"><img src=x onerror=alert(1)>', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'],
  ['</style><!--', '&lt;/style&gt;&lt;!--'],
  ['Ünïcode 门 🚪', 'Ünïcode 门 🚪'],
]

for (const [text, escaped] of truth) {
  test(`T-AUZ-10: text ${JSON.stringify(text)} becomes ${JSON.stringify(escaped)}`, () => {
    assert.equal(html`<p title="${text}">${text}</p>`.toString(), `<p title="${escaped}">${escaped}</p>`)
  })
}

test('html: nested markup and arrays pass, strings within arrays are escaped', () => {
  const items = [html`<li>${'<'}</li>`, '<b>', [html`<i></i>`, 7]]
  assert.equal(html`<ul>${items}</ul>`.toString(), '<ul><li>&lt;</li>&lt;b&gt;<i></i>7</ul>')
})

test('html: undefined and false leave nothing, zero is written', () => {
  assert.equal(html`[${undefined}${false}${0}]`.toString(), '[0]')
})

test('T-AUZ-10: an object that only looks like markup is escaped', () => {
  const forged = { text: '<b>', map: () => ['<b>'], toString: () => '<b>' }
  assert.equal(html`${forged as unknown as string}`.toString(), '&lt;b&gt;')
})

test('raw: a constant passes as it is', () => {
  assert.equal(html`${raw('<hr>')}`.toString(), '<hr>')
})
