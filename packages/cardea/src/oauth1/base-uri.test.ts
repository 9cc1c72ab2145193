import assert from 'node:assert/strict'
import { test } from 'node:test'
import vectors from '../../vectors/oauth1-signature.json' with { type: 'json' }
import { baseUri, originFrom } from './base-uri.ts'
import { splitTarget, splitUrl } from './request-target.ts'

test('RFC 5849 §3.4.1.2: the base string URIs of the published vectors', () => {
  for (const { url, base_uri } of vectors.base_uris) {
    const parts = splitUrl(url)
    assert.ok(parts)
    assert.equal(baseUri(originFrom(parts.origin) ?? '', parts.path), base_uri)
  }
})

const origins: readonly (readonly [string, string | undefined])[] = [
  ['https://api.example', 'https://api.example'],
  ['HTTPS://API.Example/', 'https://api.example'],
  ['http://a.example:80', 'http://a.example'],
  ['http://a.example:0080', 'http://a.example'],
  ['https://a.example:443', 'https://a.example'],
  ['https://a.example:', 'https://a.example'],
  ['http://a.example:443', 'http://a.example:443'],
  ['https://a.example:80', 'https://a.example:80'],
  ['https://a.example:8443', 'https://a.example:8443'],
  ['http://[::1]:80', 'http://[::1]'],
  ['https://[::1]:443', 'https://[::1]'],
  ['https://[2001:DB8::1]', 'https://[2001:db8::1]'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  // As clients spell it: nothing is compressed or resolved.
  ['http://[0:0::1]:80', 'http://[0:0::1]'],
  ['http://127.1', 'http://127.1'],
  ['http://::1', undefined],
  ['http://[::1', undefined],
  ['https://user@a.example', undefined],
  ['https://user:pw@a.example', undefined],
  ['https://a.example/path', undefined],
  ['https://a.example?q', undefined],
  ['https://a.example:99999', undefined],
  ['https://a.example:1a', undefined],
  ['https://a b.example', undefined],
  ['https://bücher.example', undefined],
  ['https://', undefined],
  ['ftp://a.example', undefined],
  ['a.example', undefined],
  ['', undefined],
]

test('RFC 5849 §3.4.1.2: scheme and host are lower-cased and the default port is dropped, of IPv6 literals too', () => {
  for (const [text, expected] of origins) assert.equal(originFrom(text), expected, text)
})

test('RFC 5849 §3.4.1.2: the path is taken as sent, an empty one is /', () => {
  const paths: readonly (readonly [string, string, string])[] = [
    ['/', '/', ''],
    ['', '/', ''],
    ['*', '/', ''],
    ['?a=b', '/', 'a=b'],
    ['/a%2fb/../c//d?x=1?y', '/a%2fb/../c//d', 'x=1?y'],
    ['//other.example/a', '//other.example/a', ''],
    ['http://proxy.example:80/a?b', '/a', 'b'],
    ['HTTPS://proxy.example?b', '/', 'b'],
    ['/a#b?c', '/a#b', 'c'],
  ]
  for (const [target, path, query] of paths) {
    const parts = splitTarget(target)
    assert.deepEqual([baseUri('https://a.example', parts.path), parts.query], [`https://a.example${path}`, query])
  }
})

test('RFC 5849 §3.4.1.2: query and fragment of an absolute URL are no part of the base string URI', () => {
  const expected = { origin: 'https://a.example:1', path: '/b;c', query: 'd=e' }
  assert.deepEqual(splitUrl('https://a.example:1/b;c?d=e#f?g'), expected)
  assert.deepEqual(splitUrl('http://a.example#f'), { origin: 'http://a.example', path: '', query: '' })
  for (const url of ['', '/a', 'a', 'ftp://a/', 'javascript:alert(1)', '//a/b']) assert.equal(splitUrl(url), undefined)
})
