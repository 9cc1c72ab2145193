import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { digestOf } from '../../core/crypto/digest.ts'
import type { OAuth1ShortTerm } from '../../core/ports/oauth1-storage.ts'
import { start } from './nouns.ts'
import { approvalNamed, temporaryNamed } from './oauth1-nouns.ts'

type Rule = (title: string, body: (kept: OAuth1ShortTerm) => Promise<void>) => void

const crowd = Array.from({ length: 100 }, (_, index) => index)
const wins = (outcomes: readonly unknown[]): number => outcomes.filter((won) => won === true || won === 'first').length

/**
 * Registers the tests (node:test) that a short-term storage of OAuth 1 must pass, races included.
 * @param open gives an empty one
 */
export function oauth1ShortTermContract(name: string, open: () => Promise<OAuth1ShortTerm> | OAuth1ShortTerm): void {
  const rule: Rule = (title, body) => {
    test(title, async () => body(await open()))
  }
  describe(`OAuth 1 short-term contract: ${name}`, () => {
    keepingRules(rule)
    takingRules(rule)
    raceRules(rule)
  })
}

const approve = (kept: OAuth1ShortTerm, name: string, at = start): Promise<boolean> =>
  kept.approveTemporary(digestOf(name), approvalNamed(name), at)

function keepingRules(rule: Rule): void {
  rule('RFC 5849 §2.1: a temporary credential comes back with every member, and none besides', async (kept) => {
    const bare = temporaryNamed('bare', { scope: [] })
    await kept.saveTemporary(bare)
    assert.deepEqual({ ...(await kept.findTemporary(bare.digest)) }, bare)
    assert.equal(await kept.findTemporary(digestOf('absent')), undefined)
    const approval = approvalNamed('bare', { sessionId: digestOf('session') })
    assert.equal(await kept.approveTemporary(bare.digest, approval, start), true)
    const found = await kept.findTemporary(bare.digest)
    assert.deepEqual({ ...found, approval: { ...found?.approval } }, { ...bare, approval })
  })

  rule('temporary credentials: a removed one is gone, and can be neither approved nor taken', async (kept) => {
    for (const name of ['asked', 'approved']) await kept.saveTemporary(temporaryNamed(name))
    await approve(kept, 'approved')
    for (const name of ['asked', 'approved']) {
      assert.equal(await kept.removeTemporary(digestOf(name)), true)
      assert.equal(await kept.removeTemporary(digestOf(name)), false)
      assert.equal(await kept.findTemporary(digestOf(name)), undefined)
      assert.equal(await approve(kept, name), false)
      assert.equal(await kept.takeTemporary(digestOf(name), start), false)
    }
  })

  rule(
    'RFC 5849 §2.2: one that was not approved is declined, once; one that was approved or taken is left',
    async (kept) => {
      for (const name of ['asked', 'approved', 'taken']) await kept.saveTemporary(temporaryNamed(name))
      for (const name of ['approved', 'taken']) await approve(kept, name)
      await kept.takeTemporary(digestOf('taken'), start)
      const decline = (name: string) => kept.declineTemporary(digestOf(name))
      const outcomes = [
        await decline('asked'),
        await decline('asked'),
        await decline('approved'),
        await decline('taken'),
      ]
      assert.deepEqual(outcomes, [true, false, false, false])
      assert.equal(await kept.findTemporary(digestOf('asked')), undefined)
      assert.equal(await approve(kept, 'asked'), false)
      assert.equal(await kept.takeTemporary(digestOf('approved'), start), true)
      assert.equal(await decline('absent'), false)
    },
  )

  rule('RFC 5849 §3.3: nonces are told apart to the last character, whatever they contain', async (kept) => {
    const long = 'y'.repeat(9000)
    for (const key of ['', ' ', 'k', 'K', 'é', '\r\nset x 0 0 1\r\n', '\0', `${long}a`, `${long}b`]) {
      assert.equal(await kept.claimNonce(key, start + 300, start), 'first', JSON.stringify(key.slice(0, 20)))
      assert.equal(await kept.claimNonce(key, start + 300, start), 'seen')
    }
  })
}

function takingRules(rule: Rule): void {
  rule('RFC 5849 §2.2: an approval is given once, to what is there, pending and not expired', async (kept) => {
    await kept.saveTemporary(temporaryNamed('asked'))
    assert.equal(await approve(kept, 'absent'), false)
    assert.equal(await approve(kept, 'asked', start + 600), false)
    assert.equal(await approve(kept, 'asked', start + 599), true)
    const other = approvalNamed('other', { userId: 'somebody' })
    assert.equal(await kept.approveTemporary(digestOf('asked'), other, start), false)
    assert.equal((await kept.findTemporary(digestOf('asked')))?.approval?.userId, 'user')
  })

  rule('RFC 5849 §2.3: only an approved one can be taken, once, and it stays findable', async (kept) => {
    await kept.saveTemporary(temporaryNamed('asked'))
    const digest = digestOf('asked')
    assert.equal(await kept.takeTemporary(digest, start), false)
    await approve(kept, 'asked')
    assert.equal(await kept.takeTemporary(digest, start + 600), false)
    assert.equal(await kept.takeTemporary(digest, start + 5), true)
    assert.equal(await kept.takeTemporary(digest, start + 6), false)
    assert.equal(await approve(kept, 'asked'), false)
    assert.equal((await kept.findTemporary(digest))?.takenAt, start + 5)
    assert.equal(await kept.takeTemporary(digestOf('absent'), start), false)
  })

  rule('temporary credentials: saving a digest again does not bring a taken one back', async (kept) => {
    await kept.saveTemporary(temporaryNamed('asked'))
    await approve(kept, 'asked')
    await kept.takeTemporary(digestOf('asked'), start)
    await assert.rejects(kept.saveTemporary(temporaryNamed('asked')))
    assert.equal((await kept.findTemporary(digestOf('asked')))?.takenAt, start)
  })
}

function raceRules(rule: Rule): void {
  rule('RFC 5849 §2.2: of 100 parallel approvals of a temporary credential one is kept', async (kept) => {
    await kept.saveTemporary(temporaryNamed('asked'))
    const digest = digestOf('asked')
    const outcomes = await Promise.all(
      crowd.map((number) => kept.approveTemporary(digest, approvalNamed('x', { userId: `user ${number}` }), start)),
    )
    assert.equal(wins(outcomes), 1)
    assert.equal((await kept.findTemporary(digest))?.approval?.userId, `user ${outcomes.indexOf(true)}`)
  })

  rule('RFC 5849 §2.3: of 100 parallel takers of a temporary credential one gets it', async (kept) => {
    await kept.saveTemporary(temporaryNamed('asked'))
    await approve(kept, 'asked')
    assert.equal(wins(await Promise.all(crowd.map(() => kept.takeTemporary(digestOf('asked'), start)))), 1)
  })

  rule('RFC 5849 §2.2: of 100 parallel answers, declines and approvals, one is done', async (kept) => {
    for (const declineFirst of [true, false]) {
      const name = `asked ${declineFirst}`
      await kept.saveTemporary(temporaryNamed(name))
      const outcomes = await Promise.all(
        crowd.map((number) =>
          (number % 2 === 0) === declineFirst ? kept.declineTemporary(digestOf(name)) : approve(kept, name),
        ),
      )
      assert.equal(wins(outcomes), 1)
      const approved = (outcomes.indexOf(true) % 2 === 0) !== declineFirst
      assert.equal((await kept.findTemporary(digestOf(name)))?.approval !== undefined, approved)
      assert.equal(await kept.takeTemporary(digestOf(name), start), approved)
    }
  })

  rule(
    'temporary credentials: of 100 parallel removals of a temporary credential one is told there was one',
    async (kept) => {
      await kept.saveTemporary(temporaryNamed('asked'))
      assert.equal(wins(await Promise.all(crowd.map(() => kept.removeTemporary(digestOf('asked'))))), 1)
    },
  )

  rule('RFC 5849 §3.3: of 100 parallel claims of a nonce one is the first', async (kept) => {
    assert.equal(wins(await Promise.all(crowd.map(() => kept.claimNonce('nonce', start + 300, start)))), 1)
  })

  rule(
    'temporary credentials: one that is removed amid its approval cannot be taken, whoever came first',
    async (kept) => {
      for (const removalFirst of [true, false]) {
        const name = `asked ${removalFirst}`
        await kept.saveTemporary(temporaryNamed(name))
        const steps = [() => kept.removeTemporary(digestOf(name)), () => approve(kept, name)]
        if (!removalFirst) steps.reverse()
        await Promise.all(steps.map((step) => step()))
        assert.equal(await kept.findTemporary(digestOf(name)), undefined)
        assert.equal(await kept.takeTemporary(digestOf(name), start), false)
      }
    },
  )

  rule(
    'temporary credentials: a removal amid takers leaves at most one who got it, and nothing to take',
    async (kept) => {
      for (const position of [0, 5, 10]) {
        const name = `asked ${position}`
        await kept.saveTemporary(temporaryNamed(name))
        await approve(kept, name)
        const steps = crowd.slice(0, 10).map(() => () => kept.takeTemporary(digestOf(name), start))
        const removal = async (): Promise<undefined> => void (await kept.removeTemporary(digestOf(name)))
        const outcomes = await Promise.all(steps.toSpliced(position, 0, removal as never).map((step) => step()))
        assert.ok(wins(outcomes) <= 1)
        assert.equal(await kept.takeTemporary(digestOf(name), start), false)
      }
    },
  )
}
