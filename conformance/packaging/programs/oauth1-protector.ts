import assert from 'node:assert/strict'
import { hmacSha1, ResourceProtector, type Signing, signRequest } from 'cardea/oauth1'

/** An API of OAuth 1 over tables of its own, and its client. */
const seen = new Set<string>()
const { requireOAuth } = new ResourceProtector({
  issuer: 'https://api.example.com',
  secrets: ['x'.repeat(32)],
  clients: { find: (clientId) => (clientId === 'printer' ? { clientId, secret: 'its secret' } : undefined) },
  tokens: {
    find: (token) =>
      token === 't' ? { clientId: 'printer', userId: 'ada', secret: 's', scope: ['photos'] } : undefined,
    save() {},
  },
  claimNonce: (key) => (seen.size < seen.add(key).size ? 'first' : 'seen'),
})
const photos = requireOAuth('photos', (_request, { credential }) => new Response(`Photos of ${credential.userId}`))

const signing: Signing = {
  consumerKey: 'printer',
  token: 't',
  keys: { clientSecret: 'its secret', tokenSecret: 's' },
  signatureMethod: hmacSha1,
  nonce: 'once',
  timestamp: Math.floor(Date.now() / 1000),
}
const signed = (method: string) => {
  const { url, headers } = signRequest({ method: 'GET', url: 'https://api.example.com/photos' }, signing)
  return new Request(url, { method, headers })
}

assert.equal((await photos(signed('DELETE'))).status, 401)
assert.equal(await (await photos(signed('GET'))).text(), 'Photos of ada')
assert.equal((await photos(signed('GET'))).status, 401)
