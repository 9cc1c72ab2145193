import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { digestOf } from '../core/crypto/digest.ts'
import type { LedgerEntry } from '../core/ports/ledger.ts'
import type { Store } from '../core/ports/store.ts'
import {
  accessNamed,
  authorizationNamed,
  clientNamed,
  codeNamed,
  interactionNamed,
  refreshNamed,
  sessionNamed,
  start,
  userNamed,
} from '../testing/store-contract/nouns.ts'
import { approvalNamed, temporaryNamed, tokenCredentialNamed } from '../testing/store-contract/oauth1-nouns.ts'
import { memoryStore } from './memory/index.ts'
import { sqliteStore } from './sqlite/index.ts'

type Step = (store: Store) => Promise<unknown>

const id = fc.constantFrom('a', 'b', 'c')
const time = fc.integer({ min: start, max: start + 12_000 })
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
/** Absent mostly: what is required is rarely there, and a commit that is always refused tries nothing. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 6 }, { arbitrary, weight: 1 })
const isPresent = ([, value]: [string, unknown]): boolean => value !== undefined

/** Drops members that are undefined, as the exact optional types of the ports want it. */
const entryOf = (members: object): LedgerEntry =>
  Object.fromEntries(Object.entries(members).filter(isPresent)) as unknown as LedgerEntry

const spend = fc.oneof(
  id.map((name) => ({ kind: 'code', digest: digestOf(`code ${name}`) })),
  id.map((name) => ({ kind: 'interaction', id: name })),
  { arbitrary: id.map((name) => ({ kind: 'temporary_credential', digest: digestOf(`request ${name}`) })), weight: 2 },
  fc.tuple(id, id, fc.boolean()).map(([from, to, endAccessTokens]) => ({
    kind: 'refresh_token',
    digest: digestOf(`refresh ${from}`),
    successor: digestOf(`refresh ${to}`),
    endAccessTokens,
  })),
)

const owner = fc.record({ clientId: id, userId: id })

const approval = fc
  .tuple(id, id)
  .map(([name, userId]) => ({ digest: digestOf(`request ${name}`), approval: approvalNamed(name, { userId }) }))

const tokenCredential = fc.tuple(id, id, optional(time)).map(([name, family, expiresAt]) =>
  tokenCredentialNamed(`signer ${name}`, family, {
    clientId: family,
    userId: family,
    ...(expiresAt !== undefined && { expiresAt }),
  }),
)

const commit: fc.Arbitrary<Step> = fc
  .record({
    at: time,
    spend: optional(spend),
    under: optional(id),
    authorization: optional(id.map((name) => authorizationNamed(name, { clientId: name, userId: name }))),
    code: optional(fc.tuple(id, owner).map(([name, more]) => codeNamed(`code ${name}`, more))),
    accessToken: optional(
      fc.oneof(
        fc.tuple(id, owner).map(([name, more]) => accessNamed(`access ${name}`, more)),
        fc
          .tuple(id, id)
          .map(([name, authorizationId]) =>
            accessNamed(`access ${name}`, { authorizationId, clientId: authorizationId }),
          ),
      ),
    ),
    refreshToken: optional(
      fc.tuple(id, id).map(([name, family]) => refreshNamed(`refresh ${name}`, family, { clientId: family })),
    ),
    approve: rarely(approval),
    tokenCredential: rarely(tokenCredential),
    consent: optional(owner.map((more) => ({ ...more, scope: ['read'], updatedAt: start }))),
    requireClient: rarely(id),
    requireUser: rarely(id),
  })
  .map((members) => (store) => store.ledger.commit(entryOf(members)))

/** What OAuth 1 commits: an approval, and an exchange into an authorization of its own or one that is there. */
const threeLegged: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ at: time, approve: approval, spend: rarely(id.map((name) => ({ kind: 'interaction', id: name }))) }).map(
    (members): Step =>
      (store) =>
        store.ledger.commit(entryOf(members)),
  ),
  fc.tuple(id, tokenCredential, time, fc.boolean()).map(([name, credential, at, isNew]): Step => {
    const { authorizationId, clientId, userId } = credential
    const authorization = isNew ? authorizationNamed(authorizationId, { clientId, userId }) : undefined
    const spent = { kind: 'temporary_credential', digest: digestOf(`request ${name}`) }
    return (store) => store.ledger.commit(entryOf({ at, spend: spent, authorization, tokenCredential: credential }))
  }),
)

// Not deleting users: SQLite keeps their tokens, unreachable, until they expire, which only a repeated digest could tell.
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: commit, weight: 8 },
  { arbitrary: threeLegged, weight: 4 },
  fc.tuple(id, optional(fc.boolean())).map(([name, disabled]): Step => {
    const client = disabled === undefined ? clientNamed(name) : clientNamed(name, { disabled })
    return (store) => store.clients.save(client)
  }),
  id.map(
    (name): Step =>
      (store) =>
        store.clients.delete(name),
  ),
  fc.tuple(id, id, fc.boolean()).map(([name, username, disabled]): Step => {
    const user = userNamed(name, { username, disabled })
    return (store) => store.users.save(user)
  }),
  fc.tuple(id, time).map(
    ([name, at]): Step =>
      (store) =>
        store.authorizations.revoke(name, at),
  ),
  fc.tuple(id, time, optional(id)).map(
    ([user, at, client]): Step =>
      (store) =>
        store.authorizations.revokeByUser(user, at, client),
  ),
  fc.tuple(id, time).map(
    ([client, at]): Step =>
      (store) =>
        store.authorizations.revokeByClient(client, at),
  ),
  fc.tuple(id, time).map(
    ([name, until]): Step =>
      (store) =>
        store.unkeptTokens.revoke(digestOf(name), until),
  ),
  id.map(
    (name): Step =>
      (store) =>
        store.interactions.save(interactionNamed(name)),
  ),
  fc.tuple(id, time).map(
    ([name, at]): Step =>
      (store) =>
        store.interactions.take(name, at),
  ),
  fc.tuple(id, fc.boolean()).map(
    ([name, required]): Step =>
      (store) =>
        store.sessions.save(sessionNamed(name, { userId: name }), required),
  ),
  {
    arbitrary: fc.tuple(id, id, time, optional(id)).map(([name, clientId, at, userId]): Step => {
      const more = userId === undefined ? {} : { approval: approvalNamed(name, { userId }) }
      const request = temporaryNamed(`request ${name}`, { clientId, expiresAt: at + 6000, ...more })
      return (store) => store.temporaryCredentials.save(request)
    }),
    weight: 4,
  },
  id.map(
    (name): Step =>
      (store) =>
        store.temporaryCredentials.remove(digestOf(`request ${name}`)),
  ),
  fc.tuple(id, time, fc.boolean()).map(([name, at, revoked]): Step => {
    const verb = revoked ? 'revoke' : 'touch'
    return (store) => store.tokenCredentials[verb](digestOf(`signer ${name}`), at)
  }),
  fc.tuple(id, time, time).map(
    ([name, until, at]): Step =>
      (store) =>
        store.replay.claim(name, until, at),
  ),
  fc.tuple(id, time).map(
    ([name, at]): Step =>
      (store) =>
        store.attempts.add(name, 100, at),
  ),
  time.map(
    (at): Step =>
      (store) =>
        store.housekeeping.sweep(at, 100).then(() => undefined),
  ),
)

/** What can be seen of a store; the two may differ only in how they remember it. */
async function visible(store: Store): Promise<unknown> {
  const page = { limit: 100 }
  const names = ['a', 'b', 'c']
  const each = <T>(find: (name: string) => Promise<T>): Promise<T[]> => Promise.all(names.map(find))
  const access = await store.tokens.listAccess({}, page)
  return structuredClone({
    clients: await store.clients.list(page),
    users: await store.users.list(page),
    authorizations: await store.authorizations.list({}, page),
    access: access.map(({ token: { revokedAt: _when, ...token }, revoked }) => ({ token, revoked })),
    refresh: await store.tokens.listRefresh({}, page),
    codes: await each((name) => store.codes.find(digestOf(`code ${name}`))),
    interactions: await each((name) => store.interactions.find(name)),
    sessions: await each((name) => store.sessions.find(digestOf(name))),
    consents: await each((name) => store.consents.find(name, 'a')),
    requests: await each((name) => store.temporaryCredentials.find(digestOf(`request ${name}`))),
    signers: await store.tokenCredentials.list({}, page),
    generations: await each((name) => store.unkeptTokens.generation(name)),
    ended: await each((name) => store.unkeptTokens.isRevoked(digestOf(name))),
    usage: await store.tokenCredentials.usage(start + 5000),
  })
}

const settle = async (store: Store, run: Step): Promise<unknown> => {
  try {
    return { value: structuredClone(await run(store)) }
  } catch {
    return 'refused'
  }
}

test('stores: memory and SQLite answer every sequence of verbs alike', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const now = () => start
      const memory = memoryStore({ now })
      const sqlite = await sqliteStore({ file: ':memory:', now })
      try {
        for (const run of steps) assert.deepEqual(await settle(sqlite, run), await settle(memory, run))
        assert.deepEqual(await visible(sqlite), await visible(memory))
      } finally {
        await sqlite.close()
      }
    }),
    { numRuns: 200, seed: 20260101 },
  )
})
