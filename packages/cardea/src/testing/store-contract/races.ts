import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { LedgerOutcome } from '../../core/ports/ledger.ts'
import type { Store } from '../../core/ports/store.ts'
import {
  accessNamed,
  authorizationNamed,
  clientNamed,
  codeNamed,
  interactionNamed,
  isLiveAccess,
  isLiveRefresh,
  refreshNamed,
  saveCode,
  saveFamily,
  sessionNamed,
  start,
  userNamed,
} from './nouns.ts'
import type { Rules } from './rules.ts'

const crowd = Array.from({ length: 100 }, (_, index) => index)

/** One of many that redeem the same code; the tokens carry the number. */
export const redeem = (store: Store, code: string, number: number): Promise<LedgerOutcome> =>
  store.ledger.commit({
    at: start,
    spend: { kind: 'code', digest: digestOf(code) },
    authorization: authorizationNamed(`${code} ${number}`),
    accessToken: accessNamed(`${code} access ${number}`, { authorizationId: `${code} ${number}` }),
    refreshToken: refreshNamed(`${code} refresh ${number}`, `${code} ${number}`),
  })

/** One of many that rotate the refresh token of the same family. */
export const rotate = (store: Store, family: string, number: number): Promise<LedgerOutcome> =>
  store.ledger.commit({
    at: start,
    under: family,
    spend: {
      kind: 'refresh_token',
      digest: digestOf(`${family} refresh`),
      successor: digestOf(`${family} successor ${number}`),
      endAccessTokens: true,
    },
    accessToken: accessNamed(`${family} access ${number}`, { authorizationId: family }),
    refreshToken: refreshNamed(`${family} successor ${number}`, family),
  })

/** One of many that answer the same interaction. */
export const answer = (store: Store, interaction: string, number: number): Promise<LedgerOutcome> =>
  store.ledger.commit({
    at: start,
    spend: { kind: 'interaction', id: interaction },
    code: codeNamed(`${interaction} code ${number}`),
  })

/** Index of the only winner. */
export function onlyWinner(outcomes: readonly LedgerOutcome[]): number {
  assert.equal(outcomes.filter((outcome) => outcome === 'done').length, 1)
  assert.equal(outcomes.filter((outcome) => outcome === 'spent').length, outcomes.length - 1)
  return outcomes.indexOf('done')
}

export function spendRaceRules(rule: Rules): void {
  rule('RFC 6749 §10.5: of 100 parallel redemptions of a code one gets tokens', async (store) => {
    await saveCode(store, 'code')
    const winner = onlyWinner(await Promise.all(crowd.map((number) => redeem(store, 'code', number))))
    const tokens = await store.tokens.listAccess({}, { limit: 1000 })
    assert.deepEqual(
      tokens.map(({ token }) => token.digest),
      [digestOf(`code access ${winner}`)],
    )
    assert.equal((await store.authorizations.list({}, { limit: 1000 })).length, 1)
  })

  rule('RFC 9700 §4.14.2: of 100 parallel rotations of a refresh token one gets tokens', async (store) => {
    await saveFamily(store, 'family')
    const winner = onlyWinner(await Promise.all(crowd.map((number) => rotate(store, 'family', number))))
    const found = await store.tokens.findRefresh(digestOf('family refresh'))
    assert.equal(found?.token.successor, digestOf(`family successor ${winner}`))
    assert.equal((await store.tokens.listRefresh({}, { limit: 1000 })).length, 2)
    assert.equal(await isLiveAccess(store, `family access ${winner}`), true)
  })

  rule('interactions: of 100 parallel answers one is taken, through the ledger or without it', async (store) => {
    await store.interactions.save(interactionNamed('asked'))
    const outcomes = await Promise.all(
      crowd.map(async (number): Promise<LedgerOutcome> => {
        if (number % 2 === 0) return answer(store, 'asked', number)
        return (await store.interactions.take('asked', start)) ? 'done' : 'spent'
      }),
    )
    onlyWinner(outcomes)
  })
}

export function revocationRaceRules(rule: Rules): void {
  rule('authorizations: a revocation among rotations leaves nothing valid', async (store) => {
    for (const position of [0, 1, 2]) {
      const family = `family ${position}`
      await saveFamily(store, family)
      const steps: (() => Promise<unknown>)[] = [0, 1].map((number) => () => rotate(store, family, number))
      steps.splice(position, 0, () => store.authorizations.revoke(family, start))
      await Promise.all(steps.map((step) => step()))
      for (const { token, revoked } of await store.tokens.listAccess({}, { limit: 1000 })) {
        if (token.authorizationId === family) assert.equal(revoked, true)
      }
      for (const number of [0, 1]) assert.equal(await isLiveRefresh(store, `${family} successor ${number}`), false)
      assert.equal(await isLiveRefresh(store, `${family} refresh`), false)
    }
  })

  rule(
    'authorizations: whoever ends everything of a user or client amid a redemption leaves no token',
    async (store) => {
      const ends: readonly ((store: Store) => Promise<unknown>)[] = [
        ({ authorizations }) => authorizations.revokeByUser('user', start),
        ({ authorizations }) => authorizations.revokeByClient('client', start),
        ({ users }) => users.save(userNamed('user', { password_hash: 'new' })),
      ]
      for (const [round, redemptionFirst] of [true, false, true, false, true, false].entries()) {
        const end = ends[round >> 1] ?? assert.fail()
        await store.users.save(userNamed('user'))
        const code = `code ${round}`
        await saveCode(store, code)
        const redemption = () => redeem(store, code, 1)
        const revocation = () => end(store)
        const order = redemptionFirst ? [redemption, revocation] : [revocation, redemption]
        await Promise.all(order.map((step) => step()))
        assert.equal(await isLiveAccess(store, `${code} access 1`), false)
        assert.equal(await isLiveRefresh(store, `${code} refresh 1`), false)
      }
    },
  )
}

export function endingRaceRules(rule: Rules): void {
  rule('ledger: whoever ends a client or user amid commits that require them leaves nothing valid', async (store) => {
    const endings: ((store: Store) => Promise<unknown>)[] = [
      ({ clients }) => clients.save(clientNamed('client', { disabled: true })),
      ({ clients }) => clients.delete('client'),
      ({ users }) => users.save(userNamed('user', { disabled: true })),
      ({ users }) => users.delete('user'),
    ]
    for (const [round, end] of endings.entries()) {
      await store.clients.save(clientNamed('client'))
      await store.users.save(userNamed('user'))
      const issue = (number: number) => {
        const id = `round ${round} ${number}`
        return store.ledger.commit({
          at: start,
          requireClient: 'client',
          requireUser: 'user',
          authorization: authorizationNamed(id),
          accessToken: accessNamed(id, { authorizationId: id }),
          refreshToken: refreshNamed(id, id),
        })
      }
      const before = crowd.slice(0, 5).map(issue)
      const ended = end(store)
      const outcomes = await Promise.all([...before, ended, ...crowd.slice(5, 10).map(issue)])
      assert.deepEqual(outcomes.slice(-5), Array(5).fill('revoked'))
      for (const number of crowd.slice(0, 10)) {
        assert.equal(await isLiveAccess(store, `round ${round} ${number}`), false)
        assert.equal(await isLiveRefresh(store, `round ${round} ${number}`), false)
      }
    }
  })

  rule('sessions: an account that ends amid sign-ins keeps no session', async (store) => {
    await store.users.save(userNamed('user'))
    const early = store.sessions.save(sessionNamed('early'), true)
    const end = store.users.save(userNamed('user', { disabled: true }))
    const late = store.sessions.save(sessionNamed('late'), true)
    await Promise.all([early, end, late])
    assert.equal(await store.sessions.find(digestOf('early')), undefined)
    assert.equal(await store.sessions.find(digestOf('late')), undefined)
  })
}

export function countingRaceRules(rule: Rules): void {
  rule('users: of 100 parallel accounts of one name one is saved', async (store) => {
    const spellings = ['name@example.org', 'NAME@example.org', ' Name@Example.org']
    const save = (id: number) => store.users.save(userNamed(`user ${id}`, { username: spellings[id % 3] ?? '' }))
    const outcomes = await Promise.all(crowd.map(save))
    assert.equal(outcomes.filter((outcome) => outcome === 'saved').length, 1)
    assert.equal((await store.users.list({ limit: 1000 })).length, 1)
    assert.equal((await store.users.findByUsername('name@example.org'))?.id, `user ${outcomes.indexOf('saved')}`)
  })

  rule('attempts: 100 parallel guesses are counted from 1 to 100', async (store) => {
    const results = await Promise.all(crowd.map(() => store.attempts.add('key', 60, start)))
    assert.deepEqual(
      results.map(({ count }) => count).sort((a, b) => a - b),
      crowd.map((index) => index + 1),
    )
  })
}
