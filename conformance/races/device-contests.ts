import assert from 'node:assert/strict'
import { digestOf } from '../../packages/cardea/src/core/crypto/digest.ts'
import { alice, allow, bob, decline } from '../../packages/cardea/src/testing/authorization-visit.ts'
import {
  approveDevice,
  askForTokens,
  enterCode,
  newDevice,
  poll,
  visitDeviceConsent,
} from '../../packages/cardea/src/testing/device-flow.ts'
import { type Contest, counted, toldBy } from './race.ts'
import { guessesHeard } from './registrations.ts'

const redemption: Contest = {
  title: 'RFC 8628 §3.5, A2-DEV-08, T-DEV-2: a device code buys tokens once',
  async prepare(server) {
    const { device_code, user_code } = await newDevice(server)
    await approveDevice(server, user_code)
    const before = await counted(server)
    return {
      attempt: async () => toldBy(await askForTokens(server, device_code)),
      losers: ['400 invalid_grant'],
      async after() {
        const { access, authorizations } = await counted(server)
        assert.deepEqual([access - before.access, authorizations - before.authorizations], [1, 1])
      },
    }
  },
}

const decision: Contest = {
  title: 'RFC 8628 §3.3: of Allow and Decline in two browsers of one user one counts, and the device hears that one',
  async prepare(server) {
    const { device_code, user_code } = await newDevice(server)
    const pages = [await visitDeviceConsent(server, user_code), await visitDeviceConsent(server, user_code)] as const
    let allowed = false
    return {
      attempt: async (number) => {
        const wants = number % 4 < 2
        const told = await toldBy(await (wants ? allow : decline)(pages[number % 2] ?? pages[0]))
        if (told === 'won') allowed = wants
        return told
      },
      // Answered in this browser, or in the other one.
      losers: ['410', '400'],
      async after() {
        const { error } = await poll(server, device_code)
        assert.equal(error, allowed ? undefined : 'access_denied')
      },
    }
  },
}

const claim: Contest = {
  title: 'T-DEV-4: of two users who enter one code one sees and answers it',
  async prepare(server) {
    const others = [await newDevice(server), await newDevice(server)] as const
    const browsers = [
      (await visitDeviceConsent(server, others[0].user_code, alice)).browser,
      (await visitDeviceConsent(server, others[1].user_code, bob)).browser,
    ] as const
    const { user_code } = await newDevice(server)
    const pages = await Promise.all(browsers.map((browser) => enterCode(browser, user_code)))
    const paths = pages.map(({ headers }) => headers.get('location') ?? '')
    const owners = new Set<number>()
    return {
      attempt: async (number) => {
        const who = number % 2
        const page = await (browsers[who] ?? browsers[0]).get(paths[who] ?? '')
        const isFirst = page.status === 200 && !owners.has(who)
        if (page.status === 200) owners.add(who)
        return isFirst ? 'won' : String(page.status)
      },
      // The winner sees it again and again.
      losers: ['403', '200'],
      async after() {
        assert.equal(owners.size, 1)
      },
    }
  },
}

const polls: Contest = {
  title: 'RFC 8628 §3.5, A2-DEV-09: of polls at once one is in time, and each of the others makes the interval longer',
  async prepare(server) {
    const { device_code } = await newDevice(server)
    let asked = 0
    return {
      attempt: async () => {
        asked += 1
        const { error } = await poll(server, device_code)
        return error === 'authorization_pending' ? 'won' : `${error}`
      },
      losers: ['slow_down'],
      async after() {
        const kept = await server.store.deviceRequests.find(digestOf(device_code))
        assert.equal(kept?.interval, 5 + (asked - 1) * 5)
      },
    }
  },
}

const guesses: Contest = {
  title: 'RFC 8628 §5.1, T-DEV-1: of wrong user codes at once no more are heard than one after the other',
  async prepare(server) {
    const browser = server.agent('198.51.100.99')
    await browser.get('/device')
    return {
      attempt: async () => {
        const { status } = await enterCode(browser, 'BBBB-BBBB')
        return status === 400 ? 'won' : String(status)
      },
      losers: ['429'],
      winners: guessesHeard,
    }
  },
}

export const deviceContests: readonly Contest[] = [redemption, decision, claim, polls, guesses]
