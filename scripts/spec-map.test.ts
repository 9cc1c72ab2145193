import assert from 'node:assert/strict'
import { test } from 'node:test'
import { citedRules, specMap } from './spec-map.ts'

const cited = (source: string): string[] =>
  citedRules('a.test.ts', source).map(({ specification, section, rule }) => `${specification}|${section}|${rule}`)

test('spec map: reads test and it, every kind of quote, and escaped quotes', () => {
  assert.deepEqual(
    cited(`
      test('RFC 6749 §4.1.3: rejects a code issued to another client', () => {})
      it("RFC 7636 §4.6: rejects a client's wrong verifier", () => {})
      it.skip(\`RFC 9700 §2.1: rejects \${name}\`, () => {})
      await t.test('RFC 7009 §2.2: answers 200 for the client\\'s unknown token', () => {})
    `),
    [
      'RFC 6749|4.1.3|rejects a code issued to another client',
      "RFC 7636|4.6|rejects a client's wrong verifier",
      `RFC 9700|2.1|rejects \${name}`,
      "RFC 7009|2.2|answers 200 for the client's unknown token",
    ],
  )
})

test('spec map: a title may cite several sections, a whole document, or a specification with a name', () => {
  assert.deepEqual(cited("test('RFC 6749 §4.1.3, RFC 9700 §4.5: one')"), ['RFC 6749|4.1.3|one', 'RFC 9700|4.5|one'])
  assert.deepEqual(cited("test('RFC 6749 §3.1, §3.2: two')"), ['RFC 6749|3.1|two', 'RFC 6749|3.2|two'])
  assert.deepEqual(cited("test('RFC 9207: three')"), ['RFC 9207||three'])
  assert.deepEqual(cited("test('OIDC Core §3.1.2.1: four')"), ['OIDC Core|3.1.2.1|four'])
})

test('spec map: a title without a citation is left out', () => {
  assert.deepEqual(cited("test('memory store: keeps what was saved')\ntest('no colon')\ncontest('RFC 1 §1: no')"), [])
})

test('spec map: sections are ordered as numbers and the page does not depend on the order of files', () => {
  const rules = [
    { specification: 'RFC 6749', section: '10.12', rule: 'b', file: 'packages/x/b.test.ts' },
    { specification: 'RFC 6749', section: '4.1', rule: 'a | c', file: 'packages/x/a.test.ts' },
    { specification: 'RFC 959', section: '', rule: 'z', file: 'packages/x/a.test.ts' },
  ]
  const page = specMap(rules)
  assert.equal(page, specMap([...rules].reverse()))
  assert.deepEqual(
    page.split('\n').filter((line) => /^## |^\| (?:§|\s)/.test(line)),
    [
      '## RFC 959',
      '|  | z | [a.test.ts](../packages/x/a.test.ts) |',
      '## RFC 6749',
      '| §4.1 | a \\| c | [a.test.ts](../packages/x/a.test.ts) |',
      '| §10.12 | b | [b.test.ts](../packages/x/b.test.ts) |',
    ],
  )
})
