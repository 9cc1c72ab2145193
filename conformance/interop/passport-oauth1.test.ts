import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Strategy } from 'passport-oauth1'
import { type OAuth1Server, startOAuth1 } from './oauth1-server.ts'

interface SignedIn {
  readonly token: string
  readonly secret: string
}

type Outcome = { readonly redirect: string } | { readonly user: SignedIn } | { readonly failed: unknown }

/** A site that signs people in with the strategy; its session is a plain object, as express-session makes one. */
function site({ initiate, token, authorize, registered }: OAuth1Server, method: string) {
  const { consumerKey, consumerSecret, privateKey, callback } = registered
  const strategy = new Strategy(
    {
      requestTokenURL: initiate,
      accessTokenURL: token,
      userAuthorizationURL: authorize,
      consumerKey,
      consumerSecret: method === 'RSA-SHA1' ? privateKey : consumerSecret,
      callbackURL: callback,
      signatureMethod: method,
    },
    (token, secret, _profile, done) => done(null, { token, secret }),
  )
  const session = {}
  const visit = (query: Record<string, string>): Promise<Outcome> =>
    new Promise((resolve) => {
      const actions = {
        redirect: (redirect: string) => resolve({ redirect }),
        success: (user: SignedIn) => resolve({ user }),
        fail: (failed: unknown) => resolve({ failed }),
        error: (failed: unknown) => resolve({ failed }),
      }
      const request = { session, query, headers: {}, connection: {}, url: '/' }
      Object.assign(Object.create(strategy), actions).authenticate(request, {})
    })
  return { strategy, visit }
}

for (const method of ['HMAC-SHA1', 'RSA-SHA1', 'PLAINTEXT']) {
  test(`passport-oauth1: ${method}: a person signs in, and the site reads a resource`, async (t) => {
    const server = await startOAuth1(t)
    const { strategy, visit } = site(server, method)
    const away = await visit({})
    assert.ok('redirect' in away, JSON.stringify(away))
    const oauth_token = new URL(away.redirect).searchParams.get('oauth_token') ?? ''
    const oauth_verifier = await server.verifierFrom(away.redirect)
    const back = await visit({ oauth_token, oauth_verifier })
    assert.ok('user' in back, JSON.stringify(back))
    const { token, secret } = back.user
    const data = await new Promise<string>((resolve, reject) =>
      strategy._oauth.get(`${server.resource}?a=b%20c`, token, secret, (error, text) =>
        error ? reject(new Error(JSON.stringify(error))) : resolve(String(text)),
      ),
    )
    assert.deepEqual(JSON.parse(data).parameters, [['a', 'b c']])
  })
}
