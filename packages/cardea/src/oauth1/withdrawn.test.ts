import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredUser, User } from '../core/model/user.ts'
import type { Accounts } from '../core/ports/accounts.ts'
import { cacheStores, memoryCache } from '../stores/cache/index.ts'
import { alice } from '../testing/authorization-visit.ts'
import { approvedFor, exchange, outcomeOf, resource, startOAuth1Server, tokenFor } from '../testing/oauth1-flow.ts'
import type { TestServer } from '../testing/test-server.ts'

const kinds = [
  ['the store', () => true],
  ['a cache', () => ({ shortTerm: cacheStores(memoryCache()) })],
] as const

const saveAlice = async (server: TestServer, more: Partial<StoredUser>): Promise<void> => {
  const user = await server.store.users.find(alice.id)
  if (user === undefined) throw new Error('no alice')
  await server.store.users.save({ ...user, ...more })
}

const endings: readonly (readonly [what: string, end: (server: TestServer) => Promise<unknown>])[] = [
  [
    'the consent is withdrawn',
    ({ store, clock }) => store.authorizations.revokeByUser(alice.id, clock.now(), 'printer'),
  ],
  ['everything of the user is ended', ({ store, clock }) => store.authorizations.revokeByUser(alice.id, clock.now())],
  [
    'everything of the client is ended',
    ({ store, clock }) => store.authorizations.revokeByClient('printer', clock.now()),
  ],
  ['the user is disabled', (server) => saveAlice(server, { disabled: true })],
  [
    'the user is disabled for a while',
    async (server) => {
      await saveAlice(server, { disabled: true })
      await saveAlice(server, { disabled: false })
    },
  ],
  ['the password is changed', (server) => saveAlice(server, { password_hash: 'another' })],
  ['the user is deleted', ({ store }) => store.users.delete(alice.id)],
]

for (const [kept, oauth1] of kinds) {
  for (const [what, end] of endings) {
    test(`RFC 5849 §2.3: with temporary credentials in ${kept}, an approval buys nothing once ${what}`, async () => {
      const server = await startOAuth1Server({ oauth1: oauth1() })
      const approved = await approvedFor(server)
      await end(server)
      assert.equal(await outcomeOf(await exchange(server, approved)), '401 invalid_token')
      assert.deepEqual(await server.store.tokenCredentials.list({}, { limit: 10 }), [])
    })
  }

  test(`RFC 5849 §2.3: with temporary credentials in ${kept}, what somebody else withdraws ends no approval`, async () => {
    const server = await startOAuth1Server({ oauth1: oauth1() })
    const approved = await approvedFor(server)
    const now = server.clock.now()
    await server.store.authorizations.revokeByUser('u-bob', now)
    await server.store.authorizations.revokeByUser(alice.id, now, 'scanner')
    assert.equal(await outcomeOf(await exchange(server, approved)), '200')
  })

  test(`RFC 5849 §2.3: with temporary credentials in ${kept}, one live authorization is left of an exchange`, async () => {
    const server = await startOAuth1Server({ oauth1: oauth1() })
    const credentials = await tokenFor(server)
    const all = await server.store.authorizations.list({ userId: alice.id }, { limit: 10 })
    assert.equal(all.filter(({ revokedAt }) => revokedAt === undefined).length, 1)
    server.clock.advance(86_400)
    assert.equal(await outcomeOf(await resource(server, { credentials })), '200')
  })
}

test("RFC 5849 §2.3: a user of the host's who is gone gets no credential for what they have approved", async () => {
  const here: User = { id: alice.id, username: alice.username }
  let isHere = true
  const accounts: Accounts = {
    inStore: false,
    find: async (id) => (isHere && id === here.id ? here : undefined),
    authenticate: async (username) => (username === here.username ? here : undefined),
  }
  for (const [, oauth1] of kinds) {
    isHere = true
    const server = await startOAuth1Server({ accounts, oauth1: oauth1() })
    const approved = await approvedFor(server)
    isHere = false
    assert.equal(await outcomeOf(await exchange(server, approved)), '401 invalid_token')
    isHere = true
    assert.equal(await outcomeOf(await exchange(server, approved)), '200')
  }
})
