import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import rsaVector from '../../vectors/oauth1-rsa-sha1.json' with { type: 'json' }
import vectors from '../../vectors/oauth1-signature.json' with { type: 'json' }
import { rsaPublicKeyFrom } from '../core/crypto/rsa-signature.ts'
import { baseString, normalizedParameters } from './base-string.ts'
import { baseUri, originFrom } from './base-uri.ts'
import { percentEncode } from './encoding.ts'
import { formPairs } from './form-pairs.ts'
import { parametersOf, type RequestParts } from './parameters.ts'
import { splitUrl } from './request-target.ts'
import { builtInSignatureMethods, rsaSha1, signatureMethodFinder } from './signature-methods.ts'

interface Vector {
  readonly method: string
  readonly url: string
  readonly oauth_params: Readonly<Record<string, string | undefined>>
  readonly body?: string | null
  readonly content_type?: string | null
  readonly signature: string
}

type Place = 'header' | 'query' | 'body'

/** The vector as a request, its protocol parameters and signature where they are asked for. */
function partsFor({ url, oauth_params, body, content_type, signature }: Vector, place: Place): RequestParts {
  const protocol = Object.entries({ ...oauth_params, oauth_signature: signature }).map(
    ([name, value]) => [percentEncode(name), percentEncode(value ?? '')] as const,
  )
  const form = protocol.map(([name, value]) => `${name}=${value}`).join('&')
  const with_ = (text: string): string => (text === '' ? form : `${text}&${form}`)
  const query = splitUrl(url)?.query ?? ''
  const header = `OAuth realm="Any", ${protocol.map(([name, value]) => `${name}="${value}"`).join(', ')}`
  return {
    query: place === 'query' ? with_(query) : query,
    authorization: place === 'header' ? header : undefined,
    contentType: place === 'body' ? 'application/x-www-form-urlencoded' : (content_type ?? undefined),
    body: place === 'body' ? with_(body ?? '') : (body ?? undefined),
  }
}

function signedTextOf(vector: Vector, place: Place): string {
  const signed = parametersOf(partsFor(vector, place))
  const url = splitUrl(vector.url)
  assert.ok(signed && url)
  assert.equal(signed.place, place)
  assert.equal(signed.protocol.get('oauth_signature'), vector.signature)
  return baseString(vector.method, baseUri(originFrom(url.origin) ?? '', url.path), signed.pairs)
}

const methodNamed = signatureMethodFinder(builtInSignatureMethods)

for (const vector of vectors.requests) {
  test(`RFC 5849 §3.4: ${vector.name}: base string and signature byte for byte, in every parameter place`, () => {
    const keys = { clientSecret: vector.client_secret, tokenSecret: vector.token_secret }
    const method = methodNamed(vector.signature_method)
    for (const place of ['header', 'query', 'body'] as const) {
      const text = signedTextOf(vector, place)
      assert.equal(text, vector.base_string)
      assert.equal(method?.sign?.(text, keys), vector.signature)
      assert.equal(method?.verify(text, keys, vector.signature), true)
    }
  })
}

test('RFC 5849 §3.4.3: the published RSA-SHA1 example verifies', () => {
  const rsaPublicKey = rsaPublicKeyFrom(rsaVector.public_key)
  for (const place of ['header', 'query', 'body'] as const) {
    const text = signedTextOf(rsaVector, place)
    assert.equal(text, rsaVector.base_string)
    assert.equal(rsaSha1.verify(text, { rsaPublicKey }, rsaVector.signature), true)
    assert.equal(rsaSha1.verify(`${text}0`, { rsaPublicKey }, rsaVector.signature), false)
  }
})

test('RFC 5849 §3.4.1.3.2: normalises the published parameter strings', () => {
  const normalizations = vectors.primitives.filter(({ what }) => what === 'normalize')
  assert.ok(normalizations.length >= 6)
  for (const { in: text, out } of normalizations) {
    assert.equal(normalizedParameters(formPairs(text ?? '', 100).pairs), out)
  }
})

test('RFC 5849 §3.4.1.3.1: the parameters of the example request, repeats and empty values included', () => {
  const header =
    'OAuth realm="Example",\toauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", ' +
    'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", ' +
    'oauth_signature="djosJKDKJSD8743243%2Fjdk33klY%3D"'
  const signed = parametersOf({
    query: 'b5=%3D%253D&a3=a&c%40=&a2=r%20b',
    authorization: header,
    contentType: 'application/x-www-form-urlencoded',
    body: 'c2&a3=2+q',
  })
  assert.deepEqual(
    signed?.pairs.map(([name, value]) => `${name} ${value}`),
    [
      'b5 %3D%253D',
      'a3 a',
      'c%40 ',
      'a2 r%20b',
      'oauth_consumer_key 9djdj82h48djs9d2',
      'oauth_token kkk9d7dh3k39sjv7',
      'oauth_signature_method HMAC-SHA1',
      'oauth_timestamp 137131201',
      'oauth_nonce 7d8f3e4a',
      'oauth_signature djosJKDKJSD8743243%2Fjdk33klY%3D',
      'c2 ',
      'a3 2%20q',
    ],
  )
  // RFC 5849 §3.4.1.3.2 sorts and concatenates the same ones.
  assert.equal(
    normalizedParameters(signed?.pairs ?? []),
    'a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2&oauth_nonce=7d8f3e4a&' +
      'oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7',
  )
})

const normalized = (query: string): string => normalizedParameters(formPairs(query, 100).pairs)

test('RFC 5849 §3.4.1.3.2: sorts by encoded bytes, by name before value', () => {
  // In UTF-16 order U+1F4A3 would come before U+FFFC.
  assert.equal(normalized('%F0%9F%92%A3=1&%EF%BF%BC=2'), '%EF%BF%BC=2&%F0%9F%92%A3=1')
  // Sorted as whole pairs, a1= and a-= would come before a=, because = is above the digits.
  assert.equal(normalized('a1=x&a-=y&a=z'), 'a=z&a-=y&a1=x')
  assert.equal(normalized('a=b&A=b&a=B&a='), 'A=b&a=&a=B&a=b')
  assert.equal(normalized('~=1&z=2&%7b=3'), '%7B=3&z=2&~=1')
})

test('RFC 5849 §3.4.1.3.1: oauth_signature is left out, realm and look-alikes of the query are not', () => {
  assert.equal(normalized('oauth_signature=x&oauth%5Fsignature=y&realm=z'), 'realm=z')
  assert.equal(normalized('OAUTH_signature=x&oauth_signature_=y'), 'OAUTH_signature=x&oauth_signature_=y')
})

test('RFC 5849 §3.4.1.1: the method is upper-cased and encoded', () => {
  assert.equal(baseString('get', 'https://a.example/', []), 'GET&https%3A%2F%2Fa.example%2F&')
  assert.equal(baseString('M&N', 'https://a.example/', []), 'M%26N&https%3A%2F%2Fa.example%2F&')
})

test('RFC 5849 §4.12: property: two requests with different parameters never have the same base string', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '&', '=', '%', ' ', '+', '%26', '%3D', 'é') })
  const pairs = fc.array(fc.tuple(text, text), { maxLength: 4 })
  const sorted = (all: readonly (readonly [string, string])[]): string =>
    JSON.stringify(all.map((pair) => JSON.stringify(pair)).sort())
  const signed = (all: readonly (readonly [string, string])[]): string =>
    baseString(
      'GET',
      'https://a.example/',
      all.map(([name, value]) => [percentEncode(name), percentEncode(value)] as const),
    )
  fc.assert(
    fc.property(pairs, pairs, (left, right) => {
      assert.equal(signed(left) === signed(right), sorted(left) === sorted(right))
    }),
    { numRuns: 2000 },
  )
})
