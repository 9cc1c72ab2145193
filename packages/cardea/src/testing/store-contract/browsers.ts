import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import { interactionNamed, sessionNamed, start, userNamed } from './nouns.ts'
import type { Rules } from './rules.ts'

export function browserRules(rule: Rules): void {
  rule('interactions: one comes back as it was saved, is taken once, and stays findable when taken', async (store) => {
    const expected = interactionNamed('asked', {
      freshSignIn: true,
      staleSession: digestOf('stale'),
      askConsent: false,
    })
    await store.interactions.save(expected)
    assert.deepEqual({ ...(await store.interactions.find('asked')) }, expected)
    assert.equal(await store.interactions.take('asked', start + 2), true)
    assert.equal(await store.interactions.take('asked', start + 3), false)
    assert.equal(await store.interactions.take('absent', start + 3), false)
    assert.equal((await store.interactions.find('asked'))?.takenAt, start + 2)
  })

  rule('interactions: saving an id again does not bring a taken one back', async (store) => {
    await store.interactions.save(interactionNamed('asked'))
    await store.interactions.take('asked', start)
    await assert.rejects(store.interactions.save(interactionNamed('asked')))
    assert.equal(await store.interactions.take('asked', start), false)
  })

  rule(
    'sessions: one is found by the digest of its cookie until it is deleted, alone or with all of its user',
    async (store) => {
      for (const name of ['one', 'two', 'three']) await store.sessions.save(sessionNamed(name), false)
      await store.sessions.save(sessionNamed('foreign', { userId: 'other' }), false)
      assert.deepEqual({ ...(await store.sessions.find(digestOf('one'))) }, sessionNamed('one'))
      await store.sessions.delete(digestOf('one'))
      assert.equal(await store.sessions.find(digestOf('one')), undefined)
      assert.notEqual(await store.sessions.find(digestOf('two')), undefined)
      await store.sessions.deleteByUser('user')
      assert.equal(await store.sessions.find(digestOf('two')), undefined)
      assert.notEqual(await store.sessions.find(digestOf('foreign')), undefined)
    },
  )

  rule('sessions: how somebody signed in comes back as it was saved', async (store) => {
    const expected = sessionNamed('how', { acr: 'gold', amr: ['pwd', 'otp'] })
    await store.sessions.save(expected, false)
    assert.deepEqual({ ...(await store.sessions.find(digestOf('how'))) }, expected)
  })

  rule('sessions: a sign-in that requires its user is not saved for one who is disabled or gone', async (store) => {
    assert.equal(await store.sessions.save(sessionNamed('early'), true), false)
    await store.users.save(userNamed('user'))
    assert.equal(await store.sessions.save(sessionNamed('good'), true), true)
    await store.users.save(userNamed('user', { disabled: true }))
    assert.equal(await store.sessions.save(sessionNamed('late'), true), false)
    assert.equal(await store.sessions.find(digestOf('late')), undefined)
  })

  rule('store: a check passes on storage that takes writes, and closing twice is harmless', async (store) => {
    await store.check()
    await store.close()
    await store.close()
  })
}
