import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { baseString } from './base-string.ts'
import { baseUri, originFrom } from './base-uri.ts'
import { percentEncode } from './encoding.ts'
import { parametersOf } from './parameters.ts'
import { splitUrl } from './request-target.ts'
import { type SignedRequest, type Signing, signRequest } from './sign.ts'
import { hmacSha1, hmacSha256, plaintext } from './signature-methods.ts'

const form = 'application/x-www-form-urlencoded'
const keys = { clientSecret: 'kd94hf93k423kf44', tokenSecret: 'pfkkdhi9sl3r4s00' }
const signing: Signing = {
  consumerKey: 'dpf43f3p2l4k3l03',
  token: 'nnch734d00sl2jdk',
  keys,
  signatureMethod: hmacSha1,
  timestamp: 137131202,
  nonce: 'chapoH',
}
const photo = { method: 'GET', url: 'http://photos.example.net/photos?file=vacation.jpg&size=original' }

function verified(request: SignedRequest, method = hmacSha1 as typeof hmacSha1 | typeof hmacSha256): boolean {
  const url = splitUrl(request.url)
  const { authorization, 'content-type': contentType } = request.headers
  const signed = parametersOf({ query: url?.query ?? '', authorization, contentType, body: request.body })
  const text = baseString(
    request.method,
    baseUri(originFrom(url?.origin ?? '') ?? '', url?.path ?? ''),
    signed?.pairs ?? [],
  )
  assert.equal(text, request.baseString)
  return method.verify(text, keys, signed?.protocol.get('oauth_signature') ?? '')
}

test('RFC 5849 §1.2: signs the photo request of the example', () => {
  const { headers, url, body } = signRequest(photo, { ...signing, realm: 'Photos' })
  assert.deepEqual([url, body], [photo.url, undefined])
  assert.equal(
    headers.authorization,
    'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", ' +
      'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_nonce="chapoH", ' +
      'oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"',
  )
})

test('RFC 5849 §3.5: the parameters go where they are asked to go', () => {
  const query = signRequest({ method: 'GET', url: 'https://a.example#f' }, { ...signing, place: 'query' })
  assert.match(query.url, /^https:\/\/a\.example\?oauth_consumer_key=[^#]*&oauth_signature=[^#]*#f$/)
  assert.deepEqual([query.headers, query.body], [{}, undefined])
  assert.ok(verified(query))
  for (const end of ['?', '?b&']) {
    const { url } = signRequest({ method: 'GET', url: `https://a.example/${end}` }, { ...signing, place: 'query' })
    assert.ok(url.startsWith(`https://a.example/${end}oauth_consumer_key=`))
  }
  const body = signRequest({ method: 'POST', url: 'https://a.example/' }, { ...signing, place: 'body' })
  assert.deepEqual(body.headers, { 'content-type': form })
  assert.match(body.body ?? '', /^oauth_consumer_key=/)
  assert.ok(verified(body))
})

test('RFC 5849 §3.1: PLAINTEXT may go without timestamp and nonce', () => {
  const { timestamp: _timestamp, nonce: _nonce, ...rest } = signing
  const { headers } = signRequest(photo, { ...rest, signatureMethod: plaintext, parameters: { oauth_version: '1.0' } })
  assert.equal(
    headers.authorization,
    'OAuth oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", ' +
      'oauth_signature_method="PLAINTEXT", oauth_version="1.0", ' +
      'oauth_signature="kd94hf93k423kf44%26pfkkdhi9sl3r4s00"',
  )
})

test('RFC 5849 §3.5.2: what cannot be signed is an error of the caller', () => {
  const unsigned = { ...hmacSha1, sign: undefined }
  const { sign: _sign, ...verifyOnly } = unsigned
  assert.throws(() => signRequest({ method: 'GET', url: '/a' }, signing), TypeError)
  assert.throws(() => signRequest({ method: 'GET', url: 'https://a b/' }, signing), TypeError)
  assert.throws(() => signRequest(photo, { ...signing, keys: {} }), TypeError)
  assert.throws(() => signRequest(photo, { ...signing, signatureMethod: verifyOnly }), TypeError)
  const json = { method: 'POST', url: photo.url, contentType: 'application/json', body: '{}' }
  assert.throws(() => signRequest(json, { ...signing, place: 'body' }), TypeError)
  assert.ok(verified(signRequest(json, signing)))
})

const text = fc
  .oneof(fc.string(), fc.string({ unit: 'binary' }))
  .map((it) => it.toWellFormed().replaceAll('\ufffd', ''))
const pairs = fc.array(fc.tuple(text, text), { maxLength: 5 }).map((all) =>
  all
    .filter(([name]) => !name.startsWith('oauth_'))
    .map((pair) => pair.map(percentEncode).join('='))
    .join('&'),
)
const printable = fc.string({ minLength: 1 })

test('RFC 5849 §3.1, §3.2: property: what is signed verifies, in every place, and not after a change', () => {
  fc.assert(
    fc.property(pairs, pairs, printable, fc.constantFrom('header', 'query', 'body'), (query, body, token, place) => {
      const request = { method: 'PATCH', url: `https://A.example:443/p%2fq?${query}`, contentType: form, body }
      const sent = signRequest(request, { ...signing, token, place, signatureMethod: hmacSha256 })
      assert.equal(verified(sent, hmacSha256), true)
      const { baseString: _signed, ...rest } = sent
      const changed = { ...rest, body: `${rest.body ?? ''}&z=1` }
      const signed = parametersOf({
        query: splitUrl(changed.url)?.query ?? '',
        authorization: changed.headers.authorization,
        contentType: form,
        body: changed.body,
      })
      const seen = baseString('PATCH', 'https://a.example/p%2fq', signed?.pairs ?? [])
      assert.equal(hmacSha256.verify(seen, keys, signed?.protocol.get('oauth_signature') ?? ''), false)
    }),
    { numRuns: 500 },
  )
})
