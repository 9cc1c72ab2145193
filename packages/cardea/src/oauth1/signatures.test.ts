import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Credentials,
  consumerSecret,
  initiate,
  oauth1Client,
  outcomeOf,
  startOAuth1Server,
} from '../testing/oauth1-flow.ts'
import { rsaPair } from '../testing/rsa-pair.ts'
import {
  builtInSignatureMethods,
  hmacSha1,
  hmacSha256,
  plaintext,
  rsaSha1,
  rsaSha256,
  type SignatureMethod,
} from './signature-methods.ts'

const pair = rsaPair()
const allMethods = builtInSignatureMethods.map(({ name }) => name)
const keyed = oauth1Client('keyed', { public_key: pair.publicKey })
const asKeyed = { consumerKey: 'keyed', keys: { rsaPrivateKey: pair.privateKey } }

const signatureIs = (oauth_signature: string) => ({
  tamper: ({ headers }: { headers: Readonly<Record<string, string>> }) => ({
    headers: {
      ...headers,
      authorization: (headers.authorization ?? '').replace(
        /oauth_signature="[^"]*"/,
        `oauth_signature="${oauth_signature}"`,
      ),
    },
  }),
})

test('A1-OAUTH1-22: every built-in method verifies, in every place', async () => {
  const both = oauth1Client('both', { secret: consumerSecret, public_key: pair.publicKey })
  const server = await startOAuth1Server({ clients: [both], oauth1: { signatureMethods: allMethods } })
  for (const signatureMethod of builtInSignatureMethods) {
    for (const place of ['header', 'body', 'query'] as const) {
      const keys = { rsaPrivateKey: pair.privateKey }
      const answer = await initiate(server, { consumerKey: 'both', keys, signatureMethod, place })
      assert.equal(await outcomeOf(answer), '200', `${signatureMethod.name} ${place}`)
    }
  }
})

test('A1-OAUTH1-20: PLAINTEXT and RSA-SHA1 are off by default; a name is case-sensitive', async () => {
  const server = await startOAuth1Server({ clients: [keyed] })
  const off: [SignatureMethod, object][] = [
    [plaintext, {}],
    [rsaSha1, asKeyed],
    [{ ...hmacSha1, name: 'hmac-sha1' }, {}],
    [{ ...hmacSha1, name: 'HMAC-MD5' }, {}],
  ]
  for (const [signatureMethod, more] of off) {
    const answer = await initiate(server, { signatureMethod, ...more })
    assert.equal(await outcomeOf(answer), '400 unsupported_signature_method', signatureMethod.name)
  }
  assert.equal(await outcomeOf(await initiate(server, { ...asKeyed, signatureMethod: rsaSha256 })), '200')
})

test('A1-OAUTH1-20: a client may be limited to some of the methods', async () => {
  const limited = oauth1Client('limited', { secret: consumerSecret, signature_methods: ['HMAC-SHA256'] })
  const server = await startOAuth1Server({ clients: [limited] })
  const from = async (signatureMethod: SignatureMethod) =>
    outcomeOf(await initiate(server, { consumerKey: 'limited', signatureMethod }))
  assert.equal(await from(hmacSha256), '200')
  assert.equal(await from(hmacSha1), '400 unsupported_signature_method')
})

test('A1-OAUTH1-21: a method of the host’s own verifies, and only `true` is a yes', async () => {
  const answers: unknown[] = [true, false, 'a digest', 1, undefined]
  for (const answer of answers) {
    const own: SignatureMethod = { name: 'OWN', keyKind: 'shared_secret', verify: () => answer as boolean }
    const server = await startOAuth1Server({ oauth1: { ownSignatureMethods: [own], signatureMethods: ['OWN'] } })
    const signatureMethod = { ...own, sign: () => 'any' }
    const outcome = answer === true ? '200' : '401 invalid_signature'
    assert.equal(await outcomeOf(await initiate(server, { signatureMethod })), outcome, String(answer))
  }
})

test('T-OA1-6: a client that has only an RSA key is verified by no shared secret, an empty one least of all', async () => {
  const server = await startOAuth1Server({ clients: [keyed], oauth1: { signatureMethods: allMethods } })
  const keys: Partial<Credentials>[] = [{}, { secret: pair.publicKey }]
  for (const { secret = 'x' } of keys) {
    for (const signatureMethod of [hmacSha1, hmacSha256, plaintext]) {
      const answer = await initiate(server, { consumerKey: 'keyed', keys: { clientSecret: secret }, signatureMethod })
      assert.equal(await outcomeOf(answer), '401 invalid_signature')
    }
  }
  // `&` is the key of an empty secret with an empty token secret.
  const empty = { ...plaintext, sign: () => '&' }
  assert.equal(
    await outcomeOf(await initiate(server, { consumerKey: 'keyed', signatureMethod: empty })),
    '401 invalid_signature',
  )
})

test('T-OA1-6: a client that has only a secret is verified by no RSA signature', async () => {
  const server = await startOAuth1Server()
  const answer = await initiate(server, { keys: { rsaPrivateKey: pair.privateKey }, signatureMethod: rsaSha256 })
  assert.equal(await outcomeOf(answer), '401 invalid_signature')
})

test('A1-OAUTH1-24: whatever a signature is, it is wrong and not a failure', async () => {
  const limits = { client: { attempts: 1000, window: 300 } }
  const server = await startOAuth1Server({ clients: [keyed], oauth1: { signatureMethods: allMethods }, limits })
  const texts = [
    '%C3%A9',
    'not base64 at all',
    '%00',
    '%F0%9F%94%91',
    'A'.repeat(4000),
    '%3D',
    '==',
    'kd94hf93k423kf44',
  ]
  for (const signatureMethod of builtInSignatureMethods) {
    const keys = signatureMethod.keyKind === 'rsa' ? asKeyed : {}
    for (const text of texts) {
      const answer = await initiate(server, { ...keys, signatureMethod, ...signatureIs(text) })
      assert.equal(await outcomeOf(answer), '401 invalid_signature', `${signatureMethod.name} ${text.slice(0, 20)}`)
    }
  }
  assert.ok(!server.events.some(({ type }) => type === 'internal_error'))
})

test('RFC 5849 §3.4.2: another spelling of the right signature is not it', async () => {
  const server = await startOAuth1Server()
  const changes = [(it: string) => `${it}%20`, (it: string) => it.replace(/%3D$/, ''), (it: string) => it.toLowerCase()]
  for (const change of changes) {
    const answer = await initiate(server, {
      tamper: ({ headers }) => ({
        headers: {
          ...headers,
          authorization: (headers.authorization ?? '').replace(
            /(oauth_signature=")([^"]*)"/,
            (_, name: string, value: string) => `${name}${change(value)}"`,
          ),
        },
      }),
    })
    assert.equal(await outcomeOf(answer), '401 invalid_signature')
  }
})

test('A1-OAUTH1-32: the key always has its &, and the secrets in it are encoded', async () => {
  const odd = 'a&b=c%d é+ /'
  const server = await startOAuth1Server({ clients: [oauth1Client('odd', { secret: odd })] })
  const from = async (clientSecret: string) =>
    outcomeOf(await initiate(server, { consumerKey: 'odd', keys: { clientSecret } }))
  assert.equal(await from(odd), '200')
  assert.equal(await from('a'), '401 invalid_signature')
})

test('T-OA1-6: a secret that no key opens any more verifies nothing', async () => {
  const client = oauth1Client('moved', { secret: 'moved-secret' })
  const server = await startOAuth1Server({
    clients: [client],
    secrets: ['other secrets, that opened nothing here yet'],
  })
  for (const clientSecret of ['moved-secret', 'x']) {
    const answer = await initiate(server, { consumerKey: 'moved', keys: { clientSecret } })
    assert.equal(await outcomeOf(answer), '401 invalid_signature')
  }
})
