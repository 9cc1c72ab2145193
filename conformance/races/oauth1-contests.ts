import assert from 'node:assert/strict'
import type { TestServer } from 'cardea/testing'
import { formsOf } from 'cardea/testing'
import { alice } from '../../packages/cardea/src/testing/authorization-visit.ts'
import {
  approvedFor,
  exchange,
  initiate,
  outcomeOf,
  sendSigned,
  temporaryFor,
  tokenFor,
} from '../../packages/cardea/src/testing/oauth1-flow.ts'
import { type Contest, counted } from './race.ts'
import { exchangeType } from './registrations.ts'

const told = async (answer: Response): Promise<string> => (answer.ok ? 'won' : outcomeOf(answer))

const credentials = async ({ store }: TestServer): Promise<number> =>
  (await store.tokenCredentials.list({}, { limit: 1000 })).length

const nonce: Contest = {
  title: 'RFC 5849 §3.3: a nonce lets one request in',
  async prepare(server) {
    const request = { timestamp: server.clock.now(), nonce: 'raced' }
    return { attempt: async () => told(await initiate(server, request)), losers: ['401 invalid_nonce'] }
  },
}

const verifier: Contest = {
  title: 'RFC 5849 §2.3: a temporary credential with its verifier buys one token credential',
  async prepare(server) {
    const approved = await approvedFor(server)
    const before = await credentials(server)
    return {
      attempt: async () => told(await exchange(server, approved)),
      losers: ['401 invalid_token'],
      async after() {
        assert.equal((await credentials(server)) - before, 1)
      },
    }
  },
}

const press: Contest = {
  title: 'RFC 5849 §2.2: the approval form of a temporary credential gives one verifier',
  async prepare(server) {
    const { token } = await temporaryFor(server)
    const browser = server.agent()
    const signIn = await browser.follow(await browser.get(`/oauth1/authorize?oauth_token=${token}`))
    const { password, username } = alice
    const consent = await browser.follow(await browser.submit(signIn, { username, password, action: 'sign_in' }))
    const form = formsOf(await consent.text()).at(-1)
    return {
      attempt: async () => {
        const { status } = await browser.post(form?.action ?? '', [...(form?.fields ?? []), ['decision', 'allow']])
        return status === 303 ? 'won' : String(status)
      },
      losers: ['410'],
    }
  },
}

const moved: Contest = {
  title: 'RFC 8693 §2.1: a token credential that is exchanged once buys tokens once',
  async prepare(server) {
    const credential = await tokenFor(server)
    const before = await counted(server)
    const body = new URLSearchParams({
      grant_type: exchangeType,
      subject_token: credential.token,
      subject_token_type: 'urn:cardea:params:oauth:token-type:oauth1',
    }).toString()
    return {
      attempt: async () => told(await sendSigned(server, '/token', { credentials: credential, body })),
      losers: ['400 invalid_grant', '400 invalid_request', '401 invalid_client'],
      async after() {
        assert.equal((await counted(server)).access - before.access, 1)
      },
    }
  },
}

/** What short-term stores decide. */
export const shortTermContests: readonly Contest[] = [nonce, verifier, press]

export const oauth1Contests: readonly Contest[] = [...shortTermContests, moved]
