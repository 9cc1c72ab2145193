import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../stores/memory/index.ts'
import {
  exchange,
  initiate,
  type OAuth1Request,
  oauth1Client,
  oauth1ServerSecrets,
  outcomeOf,
  resource,
  startOAuth1Server,
  temporaryFor,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import { rsaPair } from '../testing/rsa-pair.ts'
import { rsaSha256 } from './signature-methods.ts'

const pair = rsaPair()

/** The store and the keyring, with a note of every call by name. */
async function watched() {
  const calls: string[] = []
  const noting = <Port extends object>(name: string, port: Port): Port =>
    new Proxy(port, {
      get(target, verb) {
        const value: unknown = Reflect.get(target, verb)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          calls.push(`${name}.${String(verb)}`)
          return Reflect.apply(value, target, args)
        }
      },
    })
  const inner = memoryStore()
  const ports = Object.entries(inner).map(([name, port]) => [
    name,
    typeof port === 'object' && port !== null ? noting(name, port) : port,
  ])
  const server = await startOAuth1Server({
    store: Object.fromEntries(ports),
    secrets: oauth1ServerSecrets,
    clients: [oauth1Client('keyed', { public_key: pair.publicKey })],
  })
  const { keyring } = server.provider.engine
  const open = keyring.open
  Object.assign(keyring, {
    open(...args: Parameters<typeof open>) {
      calls.push(`open ${args[0]}`)
      return open(...args)
    },
  })
  const during = async (act: () => Promise<Response>): Promise<[string, string[]]> => {
    calls.length = 0
    const outcome = await outcomeOf(await act())
    return [outcome, [...calls]]
  }
  return { server, during }
}

test('A1-OAUTH1-05: an unknown client takes the path of a wrong signature at initiate, and its code says what it is', async () => {
  const { server, during } = await watched()
  const wrong = { keys: { clientSecret: 'wrong' } }
  const [known, path] = await during(() => initiate(server, wrong))
  const [unknown, same] = await during(() => initiate(server, { ...wrong, consumerKey: 'nobody' }))
  assert.ok(path.includes('attempts.add'))
  assert.deepEqual([known, unknown], ['401 invalid_signature', '401 invalid_client'])
  assert.deepEqual(same, path)
})

test('A1-OAUTH1-05: an unknown client with an RSA method costs a verification like a known one', async (t) => {
  const { server, during } = await watched()
  const request: OAuth1Request = { keys: { rsaPrivateKey: rsaPair().privateKey }, signatureMethod: rsaSha256 }
  const verify = t.mock.method(rsaSha256, 'verify')
  await during(() => initiate(server, { ...request, consumerKey: 'keyed' }))
  await during(() => initiate(server, { ...request, consumerKey: 'nobody' }))
  const keys = verify.mock.calls.map(({ arguments: [, given] }) => given.rsaPublicKey?.asymmetricKeyDetails)
  assert.deepEqual(keys[1], keys[0])
  assert.equal(keys[0]?.modulusLength, 2048)
})

test('A1-OAUTH1-40: an unknown temporary credential takes the path of a wrong signature', async () => {
  const { server, during } = await watched()
  const temporary = await temporaryFor(server)
  const wrong = { ...temporary, secret: 'wrong' }
  const redeem = (it: typeof temporary) => exchange(server, { temporary: it, verifier: 'v' })
  const [known, path] = await during(() => redeem(wrong))
  const [unknown, same] = await during(() => redeem({ ...wrong, token: 'nothing' }))
  assert.deepEqual([known, unknown], ['401 invalid_signature', '401 invalid_token'])
  assert.deepEqual(same, path)
})

test('A1-RES-01: an unknown token, and an unknown client with a token, take that path at a resource', async () => {
  const { server, during } = await watched()
  const credentials = await tokenFor(server)
  const wrong = { ...credentials, secret: 'wrong' }
  const get = (request: OAuth1Request) => () => resource(server, request)
  const [known, path] = await during(get({ credentials: wrong }))
  const [unknown, same] = await during(get({ credentials: { ...wrong, token: 'nothing' } }))
  const [stranger, still] = await during(get({ credentials: wrong, consumerKey: 'nobody' }))
  assert.deepEqual([known, unknown, stranger], ['401 invalid_signature', '401 invalid_token', '401 invalid_client'])
  assert.deepEqual(same, path)
  assert.deepEqual(still, path)
})
