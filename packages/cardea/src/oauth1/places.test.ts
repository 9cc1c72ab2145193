import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  callback,
  descriptionOf,
  initiate,
  oauth1Client,
  outcomeOf,
  sendSigned,
  startOAuth1Server,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import { percentEncode } from './encoding.ts'

const path = '/oauth1/initiate'

test('RFC 5849 §3.5: the parameters may come in the header, the form or the query', async () => {
  const server = await startOAuth1Server()
  for (const place of ['header', 'body', 'query'] as const) {
    assert.equal(await outcomeOf(await initiate(server, { place })), '200', place)
  }
})

test('A1-OAUTH1-08, T-OA1-5: protocol parameters in two places are refused, and the places named', async () => {
  const server = await startOAuth1Server()
  const answer = await initiate(server, {
    tamper: ({ url }) => ({ url: `${url}?oauth_consumer_key=printer` }),
  })
  assert.equal(await outcomeOf(answer), '400 duplicated_oauth_protocol_parameter')
  assert.match(await descriptionOf(answer), /header and query/)
})

test('A1-OAUTH1-09: one that comes twice in its place is refused, whether its values differ or not', async () => {
  const server = await startOAuth1Server()
  for (const second of ['printer', 'scanner']) {
    const answer = await initiate(server, {
      tamper: ({ headers }) => ({
        headers: { ...headers, authorization: `${headers.authorization}, oauth_consumer_key="${second}"` },
      }),
    })
    assert.equal(await outcomeOf(answer), '400 duplicated_oauth_protocol_parameter')
  }
})

test('RFC 5849 §3.5.1: the scheme name in any case, and a realm, which is not signed', async () => {
  const server = await startOAuth1Server()
  for (const scheme of ['oauth', 'OAUTH', 'oAuth']) {
    const answer = await initiate(server, {
      realm: 'Photos, "mine"',
      tamper: ({ headers }) => ({
        headers: { ...headers, authorization: (headers.authorization ?? '').replace(/^OAuth/, scheme) },
      }),
    })
    assert.equal(await outcomeOf(answer), '200')
  }
})

test('A1-OAUTH1-11: a header that cannot be read is a 400 in the words of OAuth 1', async () => {
  const server = await startOAuth1Server()
  const headers = [
    'OAuth oauth_consumer_key',
    'OAuth oauth_consumer_key="a',
    'OAuth ="a"',
    'OAuth a="%zz"',
    'OAuth a="\\"b"',
  ]
  for (const authorization of headers) {
    const answer = await server.post(path, '', { headers: { authorization } })
    assert.equal(await outcomeOf(answer), '400 invalid_request', authorization)
  }
  const empty = await server.post(path, '', { headers: { authorization: 'OAuth' } })
  assert.equal(await outcomeOf(empty), '400 missing_required_parameter')
})

test('A1-OAUTH1-12: a header of another scheme does not keep a signed query or form from being read', async () => {
  const server = await startOAuth1Server()
  for (const authorization of ['Basic cHJveHk6cHJveHk=', 'Bearer x', 'Negotiate abc==', 'OAuthX a="b"']) {
    for (const place of ['query', 'body'] as const) {
      const answer = await initiate(server, { place, headers: { authorization } })
      assert.equal(await outcomeOf(answer), '200', `${authorization} ${place}`)
    }
  }
})

test('A1-OAUTH1-13: odd characters in the query are signed as what they stand for, and break nothing', async () => {
  const server = await startOAuth1Server()
  const queries = [
    'a=[b]&{c}=|d|',
    'a=%5Bb%5D',
    'q=%C3%A9',
    'q=é',
    'a=b+c',
    'a',
    'a=',
    '=b',
    '&&a=b&',
    "a='()*!",
    'a=b=c',
    'a=%22',
  ]
  for (const query of queries) {
    const target = `${path}?${query}`
    const answer = await sendSigned(server, target, { parameters: { oauth_callback: callback } })
    assert.equal(await outcomeOf(answer), '200', query)
  }
  for (const query of ['a=%', 'a=%zz', '%e=a']) {
    const answer = await initiate(server, { tamper: ({ url }) => ({ url: `${url}?${query}` }) })
    assert.equal(await outcomeOf(answer), '400 invalid_request', query)
  }
})

test('A1-OAUTH1-27: a parameter called realm outside the header is signed like any other', async () => {
  const server = await startOAuth1Server()
  const parameters = { oauth_callback: callback }
  assert.equal(await outcomeOf(await sendSigned(server, `${path}?realm=a`, { parameters })), '200')
  const tampered = await sendSigned(server, `${path}?realm=a`, {
    parameters,
    tamper: ({ url }) => ({ url: url.replace('realm=a', 'realm=b') }),
  })
  assert.equal(await outcomeOf(tampered), '401 invalid_signature')
})

test('A1-OAUTH1-27: names and values that are empty are signed with their = and &', async () => {
  const server = await startOAuth1Server()
  const target = `${path}?b=&a=&a&c=2&a=1`
  assert.equal(await outcomeOf(await sendSigned(server, target, { parameters: { oauth_callback: callback } })), '200')
})

test('A1-OAUTH1-28: repeated parameters of query and form are all signed: none can be added, changed or dropped', async () => {
  const server = await startOAuth1Server()
  const request = {
    method: 'POST',
    body: 'tag=x&tag=y&tag=x',
    parameters: { oauth_callback: callback },
  }
  const target = `${path}?tag=z&tag=z`
  assert.equal(await outcomeOf(await sendSigned(server, target, request)), '200')
  const changes = ['tag=x&tag=y', 'tag=x&tag=y&tag=x&tag=x', 'tag=x&tag=y&tag=z', '']
  for (const body of changes) {
    const answer = await sendSigned(server, target, { ...request, tamper: () => ({ body }) })
    assert.equal(await outcomeOf(answer), '401 invalid_signature', body)
  }
})

test('A1-OAUTH1-29: a form body is signed whatever the type’s parameters, another body is not', async () => {
  const server = await startOAuth1Server()
  const parameters = { oauth_callback: callback }
  const form = { parameters, body: 'a=b', contentType: 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' }
  assert.equal(await outcomeOf(await sendSigned(server, path, form)), '200')
  const changed = await sendSigned(server, path, { ...form, tamper: () => ({ body: 'a=c' }) })
  assert.equal(await outcomeOf(changed), '401 invalid_signature')
  const json = { parameters, body: '{"a":1}', contentType: 'application/json', tamper: () => ({ body: '{"a":2}' }) }
  assert.equal(await outcomeOf(await sendSigned(server, path, json)), '200')
})

test('A1-OAUTH1-30: values are decoded once: a callback that holds an escape comes through as it is', async () => {
  const escaped = 'https://client.example/cb?back=%2525%2Fhome'
  const clients = [oauth1Client('deep', { secret: 's', callbacks: [escaped] })]
  const server = await startOAuth1Server({ clients })
  const signed = { consumerKey: 'deep', keys: { clientSecret: 's' } }
  for (const place of ['header', 'body', 'query'] as const) {
    const answer = await initiate(server, { ...signed, place, parameters: { oauth_callback: escaped } })
    assert.equal(await outcomeOf(answer), '200', place)
  }
  const twice = await initiate(server, { ...signed, parameters: { oauth_callback: percentEncode(escaped) } })
  assert.equal(await outcomeOf(twice), '400 invalid_request')
})

test('A1-OAUTH1-31: oauth_version is absent or 1.0, at every endpoint and resource', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const versions: [string | undefined, string][] = [
    [undefined, '200'],
    ['1.0', '200'],
    ['1.1', '400 invalid_request'],
    ['2.0', '400 invalid_request'],
    ['', '400 invalid_request'],
  ]
  for (const [oauth_version, outcome] of versions) {
    assert.equal(await outcomeOf(await initiate(server, { parameters: { oauth_version } })), outcome, oauth_version)
    if (outcome === '200') continue
    const at = await sendSigned(server, '/oauth1/token', {
      credentials,
      parameters: { oauth_version, oauth_verifier: 'v' },
    })
    assert.equal(await outcomeOf(at), outcome)
  }
})
