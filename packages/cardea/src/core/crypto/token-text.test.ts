import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from './digest.ts'
import { isWellFormed, lookupDigest, mintToken, type TokenKind, tokenPrefix } from './token-text.ts'

const kinds = Object.keys(tokenPrefix) as TokenKind[]

/** The same text with another character at that place. */
function changedAt(text: string, at: number): string {
  const other = text[at] === 'A' ? 'B' : 'A'
  return text.slice(0, at) + other + text.slice(at + 1)
}

test('T-AUZ-13: a minted token has its prefix, 256 random bits and a checksum, and is never minted twice', () => {
  const minted = new Set(Array.from({ length: 1000 }, () => mintToken('access')))
  assert.equal(minted.size, 1000)
  for (const text of minted) assert.match(text, /^cat_[\w-]{43}[\w-]{6}$/)
})

test('T-TOK-10: no kind of token is taken for another', () => {
  for (const minted of kinds) {
    const text = mintToken(minted)
    assert.deepEqual(
      kinds.filter((kind) => isWellFormed(kind, text)),
      [minted],
    )
  }
})

test('T-TOK-9: a token that differs in any character, is cut, longer or padded costs no lookup', () => {
  const text = mintToken('refresh')
  assert.equal(lookupDigest('refresh', text), digestOf(text))
  const altered = Array.from(text, (_character, at) => changedAt(text, at))
  const others = [text.slice(0, -1), `${text}A`, ` ${text}`, `${text} `, text.toUpperCase(), text.toLowerCase(), '']
  for (const other of [...altered, ...others]) assert.equal(lookupDigest('refresh', other), undefined, other)
})
