import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usernameProblem } from './username.ts'

test('RFC 8265 §3.2: names of any script are sound, with spaces, marks and emoji', () => {
  for (const name of ['ada', 'john@doe.com', 'Ada Lovelace', 'Łukasz', '李雷', 'محمد', '👩‍🚀', 'x'.repeat(254)]) {
    assert.equal(usernameProblem(name), undefined, name)
  }
})

test('RFC 8265 §3.2: a name that is empty, too long or holds what cannot be seen is refused', () => {
  for (const name of [
    'a\u0000b',
    'a\nb',
    'a\u001b[2Jb',
    'a\u007f',
    'a\u0085b',
    'a\u2028b',
    'a\u202eb',
    'a\u2066b',
    'a\ud800',
  ]) {
    assert.match(usernameProblem(name) ?? '', /cannot be seen/, JSON.stringify(name))
  }
  assert.equal(usernameProblem(' '), 'is empty')
  assert.equal(usernameProblem('x'.repeat(255)), 'has more than 254 characters')
})
