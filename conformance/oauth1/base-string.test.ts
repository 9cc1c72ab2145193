import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import OAuth from 'oauth-1.0a'
import { baseString } from '../../packages/cardea/src/oauth1/base-string.ts'
import { baseUri, originFrom } from '../../packages/cardea/src/oauth1/base-uri.ts'
import { parametersOf } from '../../packages/cardea/src/oauth1/parameters.ts'
import { splitTarget } from '../../packages/cardea/src/oauth1/request-target.ts'
import { plaintext } from '../../packages/cardea/src/oauth1/signature-methods.ts'

const requests = 12_000
const form = 'application/x-www-form-urlencoded'
const protocol = {
  oauth_consumer_key: 'key & co',
  oauth_nonce: 'n+=%',
  oauth_signature_method: 'HMAC-SHA1',
  oauth_timestamp: 137131201,
  oauth_version: '1.0',
}
/** oauth-1.0a keeps parameters in an object, and this name in it would change the object instead. */
const notAKey = '__proto__'

const client = new OAuth({ consumer: { key: protocol.oauth_consumer_key, secret: 's' } })

type Pair = readonly [name: string, value: string]
type Place = 'header' | 'query' | 'body'

/** The decoded pairs, as a client has them before it sends anything. */
function independentBaseString(method: string, url: string, pairs: readonly Pair[]): string {
  const data: Record<string, string | string[]> = {}
  for (const name of new Set(pairs.map(([it]) => it))) {
    const values = pairs.filter(([it]) => it === name).map(([, value]) => value)
    data[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  // A copy: oauth-1.0a merges the data into what it is given.
  return client.getBaseString({ method, url, data }, { ...protocol })
}

const escapes = (text: string, upper: boolean): string =>
  [...new TextEncoder().encode(text)]
    .map((octet) => {
      const digits = octet.toString(16).padStart(2, '0')
      return `%${upper ? digits.toUpperCase() : digits}`
    })
    .join('')

const structural = /[%&=+ #]/

/** One character the way some client might send it: escaped in either case, as `+`, or raw where that is not another meaning. */
function sent(character: string, way: number, place: Place): string {
  if (way === 0 && character === ' ' && place !== 'header') return '+'
  const raw = place === 'header' ? /^[A-Za-z0-9\-._~+/!*'()]$/.test(character) : !structural.test(character)
  return way < 2 && raw ? character : escapes(character, way % 2 === 0)
}

const spelled = (text: string, ways: readonly number[], place: Place): string =>
  [...text].map((character, index) => sent(character, ways[index % ways.length] ?? 2, place)).join('')

const character = fc.oneof(
  fc.constantFrom(...'&=+%;,?/#:@!$\'()*~-._[]{}|\\^`<>" \t\r\n\0\x7f09azAZ'),
  fc.constantFrom('é', 'ß', '\u0080', '\u3001', '\uffff', '\ufffc', '\u{10000}', '\u{1f4a3}', '\u202e', '\u0301'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((it) => it !== '\ufffd'),
)
const text = fc.array(character, { maxLength: 8 }).map((all) => all.join(''))
/** From few names, so that many repeat. */
const name = fc.oneof(fc.constantFrom('a', 'A', 'a1', 'a-', 'realm', 'é', 'oauth', '', '%', '%41'), text)
const pair = fc.tuple(
  name.filter((it) => it !== notAKey && !it.startsWith('oauth_')),
  text,
)

const arbitrary = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'get', 'PROPFIND'),
  origin: fc.constantFrom(
    ['https://A.Example:443', 'https://a.example'],
    ['HTTP://a.example:80', 'http://a.example'],
    ['https://[2001:DB8::1]:443', 'https://[2001:db8::1]'],
    ['http://a.example:8080', 'http://a.example:8080'],
  ),
  path: fc.constantFrom('/', '', '/a%2fb', "/a/../b//c;d='e'(f)*!", '/%C3%A9/~x', '/r%20v/X:@$,+'),
  query: fc.array(pair, { maxLength: 5 }),
  body: fc.array(pair, { maxLength: 5 }),
  header: fc.array(
    pair.filter(([it]) => it !== '' && it !== 'realm'),
    { maxLength: 2 },
  ),
  place: fc.constantFrom<Place>('header', 'query', 'body'),
  ways: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 16 }),
})

test(`RFC 5849 §3.4.1: the base string of ${requests} hostile requests is the one oauth-1.0a builds`, () => {
  fc.assert(
    fc.property(arbitrary, ({ method, origin, path, query, body, header, place, ways }) => {
      const [written, normal] = origin as [string, string]
      const own = Object.entries({ ...protocol, oauth_signature: 'x' }).map(
        ([key, value]): Pair => [key, String(value)],
      )
      const withOwn = (pairs: readonly Pair[], here: Place): readonly Pair[] =>
        here === place ? [...pairs, ...own] : pairs
      const encoded = (pairs: readonly Pair[], here: Place): string[] =>
        withOwn(pairs, here).map(([key, value]) => {
          const quote = here === 'header' ? '"' : ''
          return `${spelled(key, ways, here)}=${quote}${spelled(value, ways, here)}${quote}`
        })
      const inHeader = place === 'header' ? header : []
      const target = splitTarget(`${path}?${encoded(query, 'query').join('&')}`)
      const signed = parametersOf({
        query: target.query,
        authorization: `OAuth ${['realm="&,="', ...(place === 'header' ? encoded(header, 'header') : [])].join(', ')}`,
        contentType: form,
        body: encoded(body, 'body').join('&'),
      })
      assert.equal(signed?.place, place)
      const expected = independentBaseString(method, normal + (path || '/'), [...query, ...inHeader, ...body])
      assert.equal(baseString(method, baseUri(originFrom(written) ?? '', target.path), signed.pairs), expected)
    }),
    { numRuns: requests },
  )
})

test('RFC 5849 §3.4.2: the key of both secrets is the one oauth-1.0a builds', () => {
  const secret = text.filter((it) => it !== '')
  fc.assert(
    fc.property(secret, text, (clientSecret, tokenSecret) => {
      const other = new OAuth({ consumer: { key: 'k', secret: clientSecret } })
      assert.equal(plaintext.sign('', { clientSecret, tokenSecret }), other.getSigningKey(tokenSecret))
    }),
    { numRuns: 500 },
  )
})
