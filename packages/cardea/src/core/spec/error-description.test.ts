import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorDescriptionFrom } from './error-description.ts'

test('RFC 6749 §5.2: what is quoted stays quoted, and everything outside of the allowed characters is replaced', () => {
  assert.equal(
    errorDescriptionFrom('“https://a.example” or "b" must use https'),
    "'https://a.example' or 'b' must use https",
  )
  assert.equal(errorDescriptionFrom('a\r\nb\\c‮dé'), 'a??b?c?d?')
  assert.equal(errorDescriptionFrom('x'.repeat(500)).length, 300)
})
