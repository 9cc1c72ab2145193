import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { authorizationPairs } from './authorization-header.ts'
import { OAuth1Error } from './errors.ts'

const outcomeOf = (header: string | undefined): unknown => {
  try {
    return authorizationPairs(header, 20)?.map(([name, value]) => `${name}=${value}`) ?? 'ignored'
  } catch (error) {
    assert.ok(error instanceof OAuth1Error, String(error))
    assert.equal(error.code, 'invalid_request')
    return error.reason
  }
}

const malformed = 'malformed_authorization_header'

const headers: readonly (readonly [string | undefined, unknown])[] = [
  [undefined, 'ignored'],
  ['', 'ignored'],
  ['Bearer abc', 'ignored'],
  ['Basic dTpw', 'ignored'],
  ['OAuth2 abc', 'ignored'],
  ['OAuthx a="b"', 'ignored'],
  ['Bearer oauth_token="a"', 'ignored'],
  ['OAuth', []],
  ['OAuth ', []],
  ['OAuth realm="x"', []],
  ['OAuth a="b"', ['a=b']],
  ['oauth a="b"', ['a=b']],
  ['OAUTH  a="b"', ['a=b']],
  ['OAuth realm="Photos", a="b",c="d"', ['a=b', 'c=d']],
  ['OAuth a="b" , c = "d" ,\te="f"', ['a=b', 'c=d', 'e=f']],
  ['OAuth a="b", , c="d",', ['a=b', 'c=d']],
  ['OAuth a=b, c=%20d', ['a=b', 'c=%20d']],
  ['OAuth a=', ['a=']],
  ['OAuth a=""', ['a=']],
  ['OAuth a="b", a="c"', ['a=b', 'a=c']],
  ['OAuth realm="with \\"quotes\\", commas=\\"1\\" and é", a="b"', ['a=b']],
  ['OAuth a="x%2By%3D"', ['a=x%2By%3D']],
  ['OAuth a="x%2by%3d"', ['a=x%2By%3D']],
  // A space in a value would be %20; a raw + is a + that was not encoded, as in a base64 signature.
  ['OAuth a="x+y/z="', ['a=x%2By%2Fz%3D']],
  ['OAuth a="%2520"', ['a=%2520']],
  ['OAuth a%5F="b"', ['a_=b']],
  ['OAuth a="%zz"', 'malformed_encoding'],
  ['OAuth a="%ff"', 'malformed_encoding'],
  ['OAuth a%="b"', 'malformed_encoding'],
  ['OAuth abc', malformed],
  ['OAuth a', malformed],
  ['OAuth a="b', malformed],
  ['OAuth a="b"c', malformed],
  ['OAuth a="b" c="d"', malformed],
  ['OAuth ="b"', malformed],
  ['OAuth a b="c"', malformed],
  ['OAuth a="b\\"c"', malformed],
  ['OAuth a="b\\\\"', malformed],
  ['OAuth a="é"', malformed],
  ['OAuth é="a"', malformed],
  ['OAuth a="b\x7f"', malformed],
  // Two Authorization headers, joined as RFC 9110 §5.3 says.
  ['OAuth a="b", OAuth c="d"', malformed],
  ['OAuth a="b", Bearer abc', malformed],
  ['OAuth a="b", Basic dTpwYQ==', malformed],
  ['OAuth , OAuth', malformed],
  [`OAuth ${Array.from({ length: 20 }, (_, index) => `a${index}="b"`).join(',')},a="b"`, 'too_many_parameters'],
]

test('RFC 5849 §3.5.1: which Authorization headers are read, ignored and refused', () => {
  for (const [header, expected] of headers) assert.deepEqual(outcomeOf(header), expected, header)
})

test('RFC 5849 §3.5.1: property: no header makes anything but pairs or the typed problem', () => {
  const pieces = fc.constantFrom('OAuth ', 'a', '=', '"', ',', ' ', '\\', '%', '%41', 'oauth_token', 'realm', '\t', 'é')
  const header = fc.oneof(
    fc.array(pieces, { maxLength: 40 }).map((all) => `OAuth ${all.join('')}`),
    fc.string({ unit: 'binary' }).map((text) => `OAuth ${text}`),
  )
  fc.assert(
    fc.property(header, (text) => {
      const outcome = outcomeOf(text)
      assert.ok(
        Array.isArray(outcome) || [malformed, 'malformed_encoding', 'too_many_parameters'].includes(`${outcome}`),
      )
    }),
    { numRuns: 3000 },
  )
})

test('RFC 5849 §3.5.1: headers of 1 MB in every awkward shape are answered', () => {
  const big = 1_000_000
  const shapes = ['a', '"', '\\', '\\"', ',', ' ', '\t,', '=', '%', 'a=b,', 'a="b",', 'realm="', 'a ', ' a', '%41']
  for (const shape of shapes) {
    for (const end of ['', '"', '=', 'é']) {
      for (const start of ['OAuth ', 'OAuth a="', 'OAuth a=', 'OAuth realm="']) {
        const outcome = outcomeOf(start + shape.repeat(big / shape.length) + end)
        assert.ok(typeof outcome === 'string' || Array.isArray(outcome))
      }
    }
  }
})
