import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OAuth } from 'oauth'
import { awkward, type OAuth1Server, startOAuth1 } from './oauth1-server.ts'

interface Credentials {
  readonly token: string
  readonly secret: string
}

interface Asked {
  readonly method: string
  readonly callback?: string
}

function clientOf({ initiate, token, registered }: OAuth1Server, { method, callback }: Asked): OAuth {
  const { consumerKey, consumerSecret, privateKey } = registered
  // This client takes the private key where the secret goes.
  const secret = method === 'RSA-SHA1' ? privateKey : consumerSecret
  return new OAuth(initiate, token, consumerKey, secret, '1.0', callback ?? registered.callback, method)
}

const settled = <T>(run: (resolve: (value: T) => void, reject: (error: unknown) => void) => void): Promise<T> =>
  new Promise(run).catch((error) => {
    throw new Error(JSON.stringify(error))
  }) as Promise<T>

async function threeLegs(server: OAuth1Server, client: OAuth): Promise<Credentials> {
  const temporary = await settled<Credentials>((resolve, reject) =>
    client.getOAuthRequestToken((error, token, secret, rest) => {
      assert.ok(error || rest.oauth_callback_confirmed === 'true')
      error ? reject(error) : resolve({ token, secret })
    }),
  )
  const verifier = await server.verifierFrom(`${server.authorize}?oauth_token=${temporary.token}`)
  return settled((resolve, reject) =>
    client.getOAuthAccessToken(temporary.token, temporary.secret, verifier, (error, token, secret) =>
      error ? reject(error) : resolve({ token, secret }),
    ),
  )
}

const query = new URLSearchParams(awkward.parameters.map(([name, value]) => [name, value])).toString()

for (const method of ['HMAC-SHA1', 'RSA-SHA1', 'PLAINTEXT']) {
  test(`npm oauth: ${method}: three legs, and signed GET and POST`, async (t) => {
    const server = await startOAuth1(t)
    const client = clientOf(server, { method })
    const { token, secret } = await threeLegs(server, client)
    const get = await settled<string>((resolve, reject) =>
      client.get(`${server.resource}?${query}`, token, secret, (error, data) =>
        error ? reject(error) : resolve(String(data)),
      ),
    )
    const { userId, parameters } = JSON.parse(get)
    assert.equal(userId, 'u-john')
    assert.deepEqual(parameters, awkward.parameters)
    const fields = Object.fromEntries(awkward.parameters)
    const post = await settled<string>((resolve, reject) =>
      client.post(server.resource, token, secret, fields, undefined, (error, data) =>
        error ? reject(error) : resolve(String(data)),
      ),
    )
    assert.deepEqual(JSON.parse(post).parameters, awkward.parameters)
  })
}

test('npm oauth: oob, with the code typed in', async (t) => {
  const server = await startOAuth1(t)
  const { token } = await threeLegs(server, clientOf(server, { method: 'HMAC-SHA1', callback: 'oob' }))
  assert.equal(token.length, 42)
})

test('npm oauth: a signed URL', async (t) => {
  const server = await startOAuth1(t)
  const client = clientOf(server, { method: 'HMAC-SHA1' })
  const { token, secret } = await threeLegs(server, client)
  const answer = await fetch(client.signUrl(`${server.resource}?a=b`, token, secret, 'GET'))
  assert.deepEqual((await answer.json()).parameters, [['a', 'b']])
})

test('npm oauth: what it makes of a refusal', async (t) => {
  const server = await startOAuth1(t)
  const client = clientOf(server, { method: 'HMAC-SHA1' })
  const { token } = await threeLegs(server, client)
  const error = await new Promise<{ statusCode: number; data?: unknown }>((resolve) =>
    client.get(server.resource, token, 'wrong', (problem) => resolve(problem as never)),
  )
  assert.equal(error.statusCode, 401)
  assert.equal(JSON.parse(String(error.data)).error, 'invalid_signature')
})
