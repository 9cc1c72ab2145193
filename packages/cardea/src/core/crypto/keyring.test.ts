import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyringFrom } from './keyring.ts'

const older = 'an older secret of more than thirty-two characters'
const newer = 'a newer secret of more than thirty-two characters'

test('keyring: a value made for one purpose, or under another secret, is not valid for another', () => {
  const keyring = keyringFrom([older])
  assert.equal(keyring.mac('form', 'text'), keyringFrom([older]).mac('form', 'text'))
  const others = [keyring.mac('token', 'text'), keyring.mac('form', 'Text'), keyringFrom([newer]).mac('form', 'text')]
  assert.equal(new Set([keyring.mac('form', 'text'), ...others]).size, 4)
})

test('keyring: the first secret makes, all of them verify', () => {
  const rotated = keyringFrom([newer, older])
  assert.equal(rotated.mac('form', 'text'), keyringFrom([newer]).mac('form', 'text'))
  assert.deepEqual(rotated.macs('form', 'text'), [
    keyringFrom([newer]).mac('form', 'text'),
    keyringFrom([older]).mac('form', 'text'),
  ])
})

test('keyring: what was sealed is opened under any of the secrets, for its purpose only', () => {
  const sealed = keyringFrom([older]).seal('client secret', 'ö☃ secret')
  assert.doesNotMatch(Buffer.from(sealed, 'base64url').toString('latin1'), /secret/)
  assert.equal(keyringFrom([newer, older]).open('client secret', sealed), 'ö☃ secret')
  assert.equal(keyringFrom([newer]).open('client secret', sealed), undefined)
  assert.equal(keyringFrom([older]).open('token secret', sealed), undefined)
  assert.notEqual(keyringFrom([older]).seal('client secret', 'ö☃ secret'), sealed)
})

test('keyring: what was sealed for somebody opens for nobody else', () => {
  const keyring = keyringFrom([newer, older])
  const sealed = keyringFrom([older]).seal('client secret', 'text', 'client a')
  assert.equal(keyring.open('client secret', sealed, 'client a'), 'text')
  for (const other of ['client b', '', undefined]) assert.equal(keyring.open('client secret', sealed, other), undefined)
  assert.equal(keyring.open('client secret', keyring.seal('client secret', 'text'), 'client a'), undefined)
})

test('keyring: what was changed, cut or never sealed does not open', () => {
  const keyring = keyringFrom([older])
  const bytes = Buffer.from(keyring.seal('purpose', 'text'), 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.equal(keyring.open('purpose', changed.toString('base64url')), undefined, `byte ${at}`)
    assert.equal(keyring.open('purpose', bytes.subarray(0, at).toString('base64url')), undefined, `${at} bytes`)
  }
})

test('keyring: no secret, or a short one, is refused with its place and without the secret', () => {
  assert.throws(() => keyringFrom([]), { name: 'TypeError', message: /^secrets: at least one/ })
  const short = 'k'.repeat(31)
  assert.throws(
    () => keyringFrom([older, short]),
    (error: Error) => {
      assert.match(error.message, /^secrets\[1\]: at least 32 characters are needed, got 31$/)
      return error instanceof TypeError
    },
  )
})
