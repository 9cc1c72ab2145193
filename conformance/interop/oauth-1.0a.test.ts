import assert from 'node:assert/strict'
import { createHmac, createSign } from 'node:crypto'
import { test } from 'node:test'
import OAuth from 'oauth-1.0a'
import { awkward, type OAuth1Server, startOAuth1 } from './oauth1-server.ts'

const hashes: Readonly<Record<string, (registered: OAuth1Server['registered']) => OAuth.Options['hash_function']>> = {
  'HMAC-SHA1': () => (text, key) => createHmac('sha1', key).update(text).digest('base64'),
  'HMAC-SHA256': () => (text, key) => createHmac('sha256', key).update(text).digest('base64'),
  'HMAC-SHA512': () => (text, key) => createHmac('sha512', key).update(text).digest('base64'),
  'RSA-SHA1':
    ({ privateKey }) =>
    (text) =>
      createSign('sha1').update(text).sign(privateKey, 'base64'),
  'RSA-SHA256':
    ({ privateKey }) =>
    (text) =>
      createSign('sha256').update(text).sign(privateKey, 'base64'),
  'RSA-SHA512':
    ({ privateKey }) =>
    (text) =>
      createSign('sha512').update(text).sign(privateKey, 'base64'),
  PLAINTEXT: () => undefined,
}

type Place = 'header' | 'body' | 'query'
type Data = Record<string, string | string[]>

function clientOf({ registered }: OAuth1Server, method: string): OAuth {
  const { consumerKey, consumerSecret } = registered
  const hash = hashes[method]?.(registered)
  return new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: method,
    ...(hash !== undefined && { hash_function: hash }),
  })
}

const formOf = (data: object): string =>
  Object.entries(data)
    .flatMap(([name, value]) => [value].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`))
    .join('&')

interface Sending {
  readonly place: Place
  readonly data?: Data
  readonly token?: OAuth.Token
}

/** Sends a request as the README of the client shows it. */
function post(client: OAuth, url: string, { place, data = {}, token }: Sending): Promise<Response> {
  const signed = client.authorize({ url, method: 'POST', data: structuredClone(data) }, token)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  // In the header, what begins with oauth_ has no place in the body as well.
  const own = Object.fromEntries(Object.entries(data).filter(([name]) => !name.startsWith('oauth_')))
  if (place === 'header')
    return fetch(url, { method: 'POST', headers: { ...client.toHeader(signed), ...form }, body: formOf(own) })
  if (place === 'body') return fetch(url, { method: 'POST', headers: form, body: formOf(signed) })
  return fetch(`${url}?${formOf(signed)}`, { method: 'POST' })
}

async function tokenOf(answer: Response): Promise<OAuth.Token> {
  const members = Object.fromEntries(new URLSearchParams(await answer.text()))
  assert.equal(answer.status, 200, JSON.stringify(members))
  return { key: members.oauth_token ?? '', secret: members.oauth_token_secret ?? '' }
}

for (const method of Object.keys(hashes)) {
  for (const place of ['header', 'body', 'query'] as const) {
    test(`oauth-1.0a: ${method} in the ${place}: three legs and a signed request`, async (t) => {
      const server = await startOAuth1(t)
      const client = clientOf(server, method)
      const callback = { oauth_callback: server.registered.callback }
      const temporary = await tokenOf(await post(client, server.initiate, { place, data: callback }))
      const verifier = await server.verifierFrom(`${server.authorize}?oauth_token=${temporary.key}`)
      const data = { oauth_verifier: verifier }
      const token = await tokenOf(await post(client, server.token, { place, data, token: temporary }))
      const fields = { ...Object.fromEntries(awkward.parameters), tags: ['b', 'a', 'b'] }
      const answer = await post(client, server.resource, { place, data: fields, token })
      const { userId, clientId, parameters } = await answer.json()
      assert.deepEqual([userId, clientId], ['u-john', server.registered.consumerKey])
      const sent = [...awkward.parameters, ...['b', 'a', 'b'].map((tag) => ['tags', tag])]
      assert.deepEqual(parameters.sort(), sent.map(([...pair]) => pair).sort())
    })
  }
}
