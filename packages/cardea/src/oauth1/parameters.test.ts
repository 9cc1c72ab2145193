import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { OAuth1Error } from './errors.ts'
import { isFormType, parametersOf, type RequestParts } from './parameters.ts'
import { optionalParameter, requiredParameter, versionMustBeKnown } from './protocol-parameters.ts'

const form = 'application/x-www-form-urlencoded'
const nothing: RequestParts = { query: '', authorization: undefined, contentType: undefined, body: undefined }

const outcomeOf = (parts: Partial<RequestParts>): string => {
  try {
    const signed = parametersOf({ ...nothing, ...parts }, { parameters: 10, protocolValue: 50 })
    if (signed === undefined) return 'not OAuth 1'
    return `${signed.place} ${[...signed.protocol].map(([name, value]) => `${name}:${value}`).join(' ')}`.trimEnd()
  } catch (error) {
    assert.ok(error instanceof OAuth1Error, String(error))
    assert.equal(error.status, 400)
    return error.reason
  }
}

const many = Array.from({ length: 11 }, (_, index) => `p${index}=`).join('&')

const requests: readonly (readonly [Partial<RequestParts>, string])[] = [
  // Nothing of OAuth 1: another scheme may answer it, whatever else is wrong with it.
  [{}, 'not OAuth 1'],
  [{ query: 'a=b' }, 'not OAuth 1'],
  [{ query: 'a=%zz' }, 'not OAuth 1'],
  [{ query: many }, 'not OAuth 1'],
  [{ authorization: 'Bearer abc' }, 'not OAuth 1'],
  [{ authorization: 'Basic dTpw', query: 'a=%' }, 'not OAuth 1'],
  [{ query: 'oauth=1&xoauth_a=2&OAUTH_TOKEN=3' }, 'not OAuth 1'],
  [{ contentType: 'application/json', body: 'oauth_token=a' }, 'not OAuth 1'],
  [{ contentType: 'multipart/form-data', body: 'oauth_token=a' }, 'not OAuth 1'],
  [{ body: 'oauth_token=a' }, 'not OAuth 1'],
  [{ contentType: 'text/plain, text/html' }, 'not OAuth 1'],
  // One place.
  [{ authorization: 'OAuth oauth_token="a"' }, 'header oauth_token:a'],
  [{ query: 'b=c&oauth_token=a' }, 'query oauth_token:a'],
  [{ query: 'oauth%5Ftoken=a' }, 'query oauth_token:a'],
  [{ contentType: form, body: 'oauth_token=a' }, 'body oauth_token:a'],
  [{ contentType: 'Application/X-WWW-Form-URLEncoded ; charset=utf-8', body: 'oauth_token=a' }, 'body oauth_token:a'],
  // An OAuth header, even an empty one, says what the request is meant to be.
  [{ authorization: 'OAuth' }, 'header'],
  [{ authorization: 'OAuth realm="x"' }, 'header'],
  [{ authorization: 'OAuth realm="x"', query: 'oauth_token=a' }, 'query oauth_token:a'],
  [{ authorization: 'Bearer abc', query: 'oauth_token=a' }, 'query oauth_token:a'],
  // Several places.
  [{ authorization: 'OAuth oauth_token="a"', query: 'oauth_nonce=b' }, 'several_places'],
  [{ authorization: 'OAuth oauth_token="a"', query: 'oauth%5Fnonce=b' }, 'several_places'],
  [{ authorization: 'OAuth oauth_token="a"', contentType: form, body: 'oauth_x=b' }, 'several_places'],
  [{ query: 'oauth_token=a', contentType: form, body: 'oauth_nonce=b' }, 'several_places'],
  // Several times.
  [{ authorization: 'OAuth oauth_token="a", oauth_token="a"' }, 'repeated_parameter'],
  [{ query: 'oauth_token=a&oauth_token=a' }, 'repeated_parameter'],
  [{ query: 'oauth_token=a&oauth%5ftoken=b' }, 'repeated_parameter'],
  [{ contentType: form, body: 'oauth_signature=a&oauth_signature=a' }, 'repeated_parameter'],
  // Decoded once; + is a space in a query or body, a + in the header.
  [{ query: 'oauth_callback=a%2541+b%2B' }, 'query oauth_callback:a%41 b+'],
  [{ contentType: form, body: 'oauth_callback=a%2541+b%2B' }, 'body oauth_callback:a%41 b+'],
  [{ authorization: 'OAuth oauth_callback="a%2541+b%20"' }, 'header oauth_callback:a%41+b'],
  // Odd characters that some clients do not encode.
  [{ query: 'a[]={"b"|c}&é=ü&oauth_token=a' }, 'query oauth_token:a'],
  [{ query: '&&oauth_token=a&=&=b&c&' }, 'query oauth_token:a'],
  [{ query: 'a=%ff%fe&oauth_token=a' }, 'query oauth_token:a'],
  // Broken.
  [{ authorization: 'OAuth abc' }, 'malformed_authorization_header'],
  [{ authorization: 'OAuth oauth_token="a", OAuth oauth_token="a"' }, 'malformed_authorization_header'],
  [{ query: 'oauth_token=a&b=%zz' }, 'malformed_encoding'],
  [{ query: 'oauth_token=%zz' }, 'malformed_encoding'],
  [{ query: 'oauth_%zz=a' }, 'malformed_encoding'],
  [{ query: 'oauth_token=%ff' }, 'malformed_encoding'],
  [{ authorization: 'OAuth oauth_token="a"', query: 'b=%' }, 'malformed_encoding'],
  [{ authorization: 'OAuth', contentType: form, body: 'b=%' }, 'malformed_encoding'],
  [{ authorization: 'OAuth', contentType: form, body: 'b=\ufffd' }, 'malformed_encoding'],
  [{ authorization: 'OAuth oauth_token="a"', query: many }, 'too_many_parameters'],
  [{ authorization: 'OAuth oauth_token="a"', contentType: form, body: many }, 'too_many_parameters'],
  [{ authorization: `OAuth oauth_token="${'a'.repeat(50)}"` }, `header oauth_token:${'a'.repeat(50)}`],
  [{ authorization: `OAuth oauth_token="${'a'.repeat(51)}"` }, 'parameter_too_long'],
  [{ authorization: 'OAuth oauth_nonce="a%00"' }, 'control_character'],
  [{ query: 'oauth_token=a%0d%0ab' }, 'control_character'],
  [{ query: 'oauth_signature=a%0A' }, 'query oauth_signature:a\n'.trimEnd()],
  [{ authorization: 'OAuth oauth_token="a"', contentType: `${form}, text/plain` }, 'repeated_content_type'],
  [
    { authorization: 'OAuth oauth_token="a"', contentType: `text/plain, ${form.toUpperCase()}` },
    'repeated_content_type',
  ],
]

test('RFC 5849 §3.5: which requests are OAuth 1, from which place, and which are refused', () => {
  for (const [parts, expected] of requests) assert.equal(outcomeOf(parts), expected, JSON.stringify(parts))
})

test('RFC 5849 §3.5: parameters in several places or several times are duplicated_oauth_protocol_parameter, and say where', () => {
  const refusal = (parts: Partial<RequestParts>, description: string): void =>
    assert.throws(() => parametersOf({ ...nothing, ...parts }), {
      code: 'duplicated_oauth_protocol_parameter',
      description,
    })
  const everywhere = { authorization: 'OAuth oauth_a="1"', query: 'oauth_b=2', contentType: form, body: 'oauth_c=3' }
  refusal(everywhere, 'Protocol parameters are in header and body and query; send them in one place')
  refusal({ query: 'oauth_nonce=1&oauth_nonce=2' }, "Multiple 'oauth_nonce' in request")
})

test('RFC 5849 §3.4.1.3.1: everything but the realm of the header is signed, repeats are kept', () => {
  const parts: RequestParts = {
    query: 'realm=q&a=1&a=1&a',
    authorization: 'OAuth realm="h", xoauth_requestor_id="u%40v", oauth_token="t"',
    contentType: form,
    body: 'realm=b&a=1&d=+',
  }
  const pairs = parametersOf(parts)?.pairs.map((pair) => pair.join('='))
  const query = ['realm=q', 'a=1', 'a=1', 'a=']
  assert.deepEqual(pairs, [...query, 'xoauth_requestor_id=u%40v', 'oauth_token=t', 'realm=b', 'a=1', 'd=%20'])
})

test('RFC 5849 §3.4.1.3.1: only a single form type makes the body part of the signature', () => {
  for (const type of [form, `${form};charset=x`, ` ${form} `, form.toUpperCase()]) assert.equal(isFormType(type), true)
  for (const type of [undefined, '', 'text/plain', `${form}x`, `${form},${form}`, 'multipart/form-data']) {
    assert.equal(isFormType(type), false)
  }
})

test('RFC 5849 §3.1: a missing or empty parameter is named, a version other than 1.0 refused', () => {
  const protocol = new Map([
    ['oauth_token', ''],
    ['oauth_nonce', 'n'],
  ])
  assert.equal(requiredParameter(protocol, 'oauth_nonce'), 'n')
  assert.equal(optionalParameter(protocol, 'oauth_token'), undefined)
  for (const name of ['oauth_token', 'oauth_consumer_key']) {
    const expected = { code: 'missing_required_parameter', status: 400, description: `Missing '${name}' in request` }
    assert.throws(() => requiredParameter(protocol, name), expected)
  }
  versionMustBeKnown(protocol)
  versionMustBeKnown(new Map([['oauth_version', '1.0']]))
  for (const version of ['', '1', '1.0a', '2.0']) {
    assert.throws(() => versionMustBeKnown(new Map([['oauth_version', version]])), { code: 'invalid_request' })
  }
})

const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom('oauth_token', '=', '&', '%', '%4', '%41', '%ff', '+', 'a', 'é', '\ud800', '\0') }),
  fc.string({ unit: 'binary' }),
)

test('RFC 5849 §3.5: property: no request makes anything but parameters or the typed problem', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.option(hostile, { nil: undefined }), (query, body, header) => {
      const authorization = header === undefined ? undefined : `OAuth ${header}`
      assert.equal(typeof outcomeOf({ query, body, contentType: form, authorization }), 'string')
    }),
    { numRuns: 3000 },
  )
})

test('RFC 5849 §3.5: 1 MB of query or body in every awkward shape are answered', () => {
  for (const shape of ['&', '=', '%', '%41', '+', 'a', 'a=b&', 'oauth_a=b&', 'é', '\u{1f4a3}', '\ufffd', ' ', ';']) {
    const text = `${shape.repeat(1_000_000 / shape.length)}&oauth_token=a`
    assert.equal(typeof outcomeOf({ query: text }), 'string')
    assert.equal(typeof outcomeOf({ contentType: form, body: `oauth_nonce=b&${text}` }), 'string')
  }
})
