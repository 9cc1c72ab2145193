import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { replacing } from '../authorization-server/replacing.ts'
import { digestOf } from '../core/crypto/digest.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { sqliteStore } from '../stores/sqlite/index.ts'
import {
  approvedFor,
  consumerSecret,
  exchange,
  initiate,
  membersOf,
  oauth1Client,
  oauth1ServerSecrets,
  outcomeOf,
  resource,
  startOAuth1Server,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import { startTestServer } from '../testing/test-server.ts'
import { resealOAuth1 } from './reseal.ts'
import { oauth1Secrets } from './sealed-secrets.ts'
import { plaintext } from './signature-methods.ts'

const pin = oauth1Client('desk', { secret: 'desk-secret-canary', callbacks: ['oob'] })

test('T-OA1-7: no token, secret or verifier stands readable in the database or its journal', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-oauth1-secrets-'))
  const store = await sqliteStore({ file: join(folder, 'cardea.db') })
  t.after(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  const server = await startOAuth1Server({ store, clients: [pin] })
  const { temporary, verifier } = await approvedFor(server)
  const { oauth_token = '', oauth_token_secret = '' } = await membersOf(await exchange(server, { temporary, verifier }))
  await resource(server, { credentials: { token: oauth_token, secret: oauth_token_secret } })
  const secrets = [
    temporary.token,
    temporary.secret,
    verifier,
    oauth_token,
    oauth_token_secret,
    consumerSecret,
    'desk-secret-canary',
  ]
  assert.ok(secrets.every((secret) => secret.length > 10))
  const files = readdirSync(folder).map((name) => join(folder, name))
  const bytes = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'latin1'))
  assert.ok(bytes.some((text) => text.includes('printer')))
  for (const secret of secrets) assert.ok(!bytes.some((text) => text.includes(secret)), secret)
})

test('T-OA1-7: what is sealed is bound to its purpose: a client’s secret opens as no token’s', async () => {
  const server = await startOAuth1Server()
  const credentials = await tokenFor(server)
  const client = await server.store.clients.find('printer')
  const [found] = await server.store.tokenCredentials.list({}, { limit: 1 })
  const { keyring } = server.provider.engine
  const { sealedSecret = '', digest = '' } = found?.credential ?? {}
  assert.equal(keyring.open('oauth1 token secret', sealedSecret, digest), credentials.secret)
  assert.equal(keyring.open('oauth1 client secret', sealedSecret, digest), undefined)
  assert.equal(keyring.open('oauth1 token secret', client?.oauth1?.sealed_secret ?? '', 'printer'), undefined)
})

test('T-OA1-7: what is sealed is bound to its owner: moved to another client or token, it verifies nothing', async () => {
  const server = await startOAuth1Server()
  const { clients, tokenCredentials } = server.store
  const printer = await clients.find('printer')
  const scanner = await clients.find('scanner')
  if (printer?.oauth1 === undefined || scanner === undefined) throw new Error('no clients')
  const [mine, theirs] = [await tokenFor(server), await tokenFor(server)]
  const row = async ({ token }: typeof mine) => (await tokenCredentials.find(digestOf(token)))?.credential
  const [from, to] = [await row(mine), await row(theirs)]
  if (from === undefined || to === undefined) throw new Error('no credentials')
  await tokenCredentials.reseal(to.digest, to.sealedSecret, from.sealedSecret)
  const forged = { token: theirs.token, secret: mine.secret }
  assert.equal(await outcomeOf(await resource(server, { credentials: forged })), '401 invalid_signature')
  await clients.save({ ...scanner, oauth1: { ...printer.oauth1 } })
  assert.equal(await outcomeOf(await initiate(server, { consumerKey: 'scanner' })), '401 invalid_signature')
})

test('T-OA1-7: events tell what happened, and no secret, token, verifier, nonce or signature', async () => {
  const server = await startOAuth1Server({ clients: [pin], oauth1: { signatureMethods: ['HMAC-SHA1', 'PLAINTEXT'] } })
  const approved = await approvedFor(server)
  const { oauth_token = '', oauth_token_secret = '' } = await membersOf(await exchange(server, approved))
  const credentials = { token: oauth_token, secret: oauth_token_secret }
  await exchange(server, approved)
  await exchange(server, { ...approved, verifier: 'guessed-verifier' })
  await initiate(server, { consumerKey: 'mistyped-secret-as-key', nonce: 'canary-nonce' })
  await resource(server, { credentials: { ...credentials, secret: 'guessed-secret' }, nonce: 'canary-nonce' })
  await resource(server, { credentials, signatureMethod: plaintext })
  await resource(server, { credentials: { ...credentials, token: 'guessed-token' } })
  const text = JSON.stringify(server.events)
  const secrets = [
    ...Object.values(approved.temporary),
    approved.verifier,
    ...Object.values(credentials),
    consumerSecret,
    'guessed-',
    'canary-nonce',
    'mistyped-secret',
  ]
  for (const secret of secrets) assert.ok(!text.includes(secret), secret)
  const types = server.events.map(({ type }) => type)
  for (const type of ['signed_in', 'consent_given', 'token_issued', 'request_refused'] as const)
    assert.ok(types.includes(type), type)
  const refused = server.events.flatMap((event) => (event.type === 'request_refused' ? [event.reason] : []))
  assert.deepEqual(refused, [
    'unknown_temporary_credential',
    'unknown_temporary_credential',
    'unknown_client',
    'invalid_signature',
    'token_credential_not_active',
  ])
})

test('T-OA1-7: secrets of the server can be rotated: what is out still works, and new ones are under the first', async () => {
  const [old, fresh] = ['an old secret of the server, long enough', 'a fresh secret of the server, long enough']
  const before = await startOAuth1Server()
  const credentials = await tokenFor(before)
  const { store, clock } = before
  const secrets = [fresh, ...oauth1ServerSecrets]
  const rotated = await startTestServer({ store, clock, oauth1: true, secrets })
  assert.equal(await outcomeOf(await resource(rotated, { credentials })), '200')
  const forgotten = await startTestServer({ store, clock, oauth1: true, secrets: [old] })
  assert.equal(await outcomeOf(await resource(forgotten, { credentials })), '401 invalid_signature')
})

test('T-OA1-7: after a rotation everything can be sealed under the new secret, and the old one be taken away', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-oauth1-reseal-'))
  const onDisk = await sqliteStore({ file: join(folder, 'cardea.db') })
  t.after(async () => {
    await onDisk.close()
    rmSync(folder, { recursive: true })
  })
  for (const store of [memoryStore(), onDisk]) {
    const before = await startOAuth1Server({ store })
    const [credentials, revoked] = [await tokenFor(before), await tokenFor(before)]
    await store.tokenCredentials.revoke(digestOf(revoked.token), before.clock.now())
    const fresh = 'a fresh secret of the server, long enough'
    const secrets = [fresh, ...oauth1ServerSecrets]
    assert.deepEqual(await resealOAuth1(store, secrets), { clients: 2, credentials: 1 })
    assert.deepEqual(await resealOAuth1(store, secrets), { clients: 0, credentials: 0 })
    const after = await startTestServer({ store, clock: before.clock, oauth1: true, secrets: [fresh] })
    assert.equal(await outcomeOf(await resource(after, { credentials })), '200')
    assert.equal(await outcomeOf(await initiate(after)), '200')
    const lost = ['a secret that sealed nothing at all, long enough']
    assert.deepEqual(await resealOAuth1(store, lost), { clients: 0, credentials: 0 })
    assert.equal(await outcomeOf(await resource(after, { credentials })), '200')
  }
})

test('T-OA1-7: sealing anew undoes no change that comes in between', async () => {
  const before = await startOAuth1Server()
  const { clients } = before.store
  let isFirst = true
  const find: typeof clients.find = async (clientId) => {
    const found = await clients.find(clientId)
    if (clientId === 'printer' && found !== undefined && isFirst) {
      isFirst = false
      await clients.save({ ...found, disabled: true })
    }
    return found
  }
  const store = replacing(before.store, { clients: replacing(clients, { find }) })
  const fresh = 'a fresh secret of the server, long enough'
  assert.equal((await resealOAuth1(store, [fresh, ...oauth1ServerSecrets])).clients, 2)
  const printer = await clients.find('printer')
  assert.equal(printer?.disabled, true)
  const opened = oauth1Secrets([fresh]).openClientSecret('printer', printer?.oauth1?.sealed_secret ?? '')
  assert.equal(opened, consumerSecret)
})
