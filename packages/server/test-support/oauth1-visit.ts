import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { formsOf, UserAgent } from 'cardea/testing'

export interface OAuth1Credentials {
  readonly token: string
  readonly secret: string
}

export interface Consumer {
  readonly key: string
  readonly secret: string
}

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** A POST without a body that matters to the signature, signed by HMAC-SHA256 for the issuer, sent to where it runs. */
async function signedPost(
  place: { readonly url: string; readonly issuer: string; readonly now: number },
  path: string,
  consumer: Consumer,
  more: Readonly<Record<string, string>>,
  tokenSecret = '',
  body = '',
): Promise<Response> {
  const parameters: Record<string, string> = {
    oauth_consumer_key: consumer.key,
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(place.now),
    oauth_nonce: randomBytes(12).toString('hex'),
    ...more,
  }
  const pairs = [...Object.entries(parameters), ...new URLSearchParams(body)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
  const base = ['POST', encoded(place.issuer + path), encoded(pairs.join('&'))].join('&')
  const key = `${encoded(consumer.secret)}&${encoded(tokenSecret)}`
  const oauth_signature = createHmac('sha256', key).update(base).digest('base64')
  const header = Object.entries({ ...parameters, oauth_signature }).map(
    ([name, value]) => `${name}="${encoded(value)}"`,
  )
  return fetch(place.url + path, {
    method: 'POST',
    headers: { authorization: `OAuth ${header.join(', ')}`, 'content-type': 'application/x-www-form-urlencoded' },
    body,
  })
}

async function credentialsIn(response: Response): Promise<OAuth1Credentials> {
  const text = await response.text()
  assert.equal(response.status, 200, text)
  const form = new URLSearchParams(text)
  return { token: form.get('oauth_token') ?? '', secret: form.get('oauth_token_secret') ?? '' }
}

/** A client of OAuth 1 and a person, against a server that runs. `now`: what the client takes for the time, in seconds. */
export function oauth1Visit(url: string, issuer: string, consumer: Consumer, now = 1_800_000_000) {
  const place = { url, issuer, now }
  const approve = async (token: string, username: string, password: string): Promise<string> => {
    const browser = new UserAgent((request) => {
      const { pathname, search } = new URL(request.url)
      return fetch(new Request(url + pathname + search, request), { redirect: 'manual' })
    }, issuer)
    let response = await browser.get(`${issuer}/oauth1/authorize?oauth_token=${token}`)
    for (let step = 0; step < 10; step += 1) {
      const location = response.headers.get('location')
      if (location !== null) {
        response = await browser.get(new URL(location, issuer).href)
        continue
      }
      const page = await response.text()
      const form = formsOf(page).at(-1)
      if (form === undefined) return /<output[^>]*>([^<]+)</.exec(page)?.[1] ?? assert.fail(page)
      const kept = form.fields.filter(([name]) => name !== 'username' && name !== 'password')
      const isSignIn = form.fields.some(([name]) => name === 'username')
      const answer = isSignIn
        ? [['username', username] as const, ['password', password] as const]
        : [['decision', 'allow'] as const]
      response = await browser.post(form.action, [...kept, ...answer])
    }
    return assert.fail('it never ended')
  }
  return {
    /** The whole three-legged flow with the callback `oob`. */
    async tokenFor(username: string, password: string): Promise<OAuth1Credentials> {
      const temporary = await credentialsIn(
        await signedPost(place, '/oauth1/initiate', consumer, { oauth_callback: 'oob' }),
      )
      const oauth_verifier = await approve(temporary.token, username, password)
      const more = { oauth_token: temporary.token, oauth_verifier }
      return credentialsIn(await signedPost(place, '/oauth1/token', consumer, more, temporary.secret))
    },
    exchange(credential: OAuth1Credentials): Promise<Response> {
      const body = new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token_type: 'urn:cardea:params:oauth:token-type:oauth1',
        subject_token: credential.token,
      }).toString()
      return signedPost(place, '/token', consumer, { oauth_token: credential.token }, credential.secret, body)
    },
    initiate: (): Promise<Response> => signedPost(place, '/oauth1/initiate', consumer, { oauth_callback: 'oob' }),
  }
}
