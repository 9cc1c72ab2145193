import assert from 'node:assert/strict'
import type { TestServer } from 'cardea/testing'
import {
  alice,
  allow,
  bob,
  decline,
  signIn,
  type Visit,
  visit,
  visitConsent,
} from '../../packages/cardea/src/testing/authorization-visit.ts'
import { byReference, push, pushed } from '../../packages/cardea/test-support/pushing.ts'
import { byValue, objectOf, outcomeOf } from '../../packages/cardea/test-support/signed-requests.ts'
import { type Contest, counted, toldBy } from './race.ts'

const wonIfSentBack = ({ headers, status }: Response): string =>
  status === 303 && headers.has('location') ? 'won' : String(status)

const pushedRequest: Contest = {
  title: 'RFC 9126 §4, §7.3, T-AUZ-15: a pushed request lets one browser in',
  async prepare(server) {
    const path = byReference(await pushed(server))
    return {
      attempt: async () => (await outcomeOf(server, path)).replace(/^asked$/, 'won'),
      losers: ['client invalid_request_uri', 'page invalid_request_uri'],
    }
  },
}

const requestObject: Contest = {
  title: 'RFC 9101 §10.2, A2-JAR-05: the jti of a request object lets one browser in',
  async prepare(server) {
    const path = byValue(objectOf(server, { jti: 'raced' }))
    return {
      attempt: async () => (await outcomeOf(server, path)).replace(/^asked$/, 'won'),
      losers: ['client invalid_request_object'],
    }
  },
}

const pushedObject: Contest = {
  title: 'RFC 9126 §3, RFC 9101 §10.2: a request object with a jti is taken once, pushed or not',
  async prepare(server) {
    const object = objectOf(server, { jti: 'raced and pushed' })
    const byPush = async (): Promise<string> => {
      const answer = await push(server, { request: object })
      if (!answer.ok) return toldBy(answer)
      const { request_uri } = (await answer.json()) as { request_uri: string }
      return (await outcomeOf(server, byReference(request_uri))).replace(/^asked$/, 'won')
    }
    return {
      attempt: async (number) =>
        number % 2 === 0 ? byPush() : (await outcomeOf(server, byValue(object))).replace(/^asked$/, 'won'),
      losers: ['client invalid_request_object', '400 invalid_request_object'],
    }
  },
}

async function pushedConsent(server: TestServer): Promise<Visit> {
  const nothing = { response_type: undefined, state: undefined, code_challenge: undefined }
  const request = { ...nothing, code_challenge_method: undefined, client_id: 'shop', request_uri: await pushed(server) }
  return signIn(await visit(server, request), bob)
}

const consentForms = [
  ['of an ordinary request', (server: TestServer) => visitConsent(server, alice)],
  ['of a pushed request', pushedConsent],
] as const

const consentForm = ([name, open]: (typeof consentForms)[number]): Contest => ({
  title: `RFC 6749 §4.1.2: the consent form ${name} buys one code, however often it is sent`,
  async prepare(server) {
    const at = await open(server)
    const before = await counted(server)
    return {
      attempt: async () => wonIfSentBack(await allow(at)),
      losers: ['410'],
      async after() {
        assert.deepEqual(await counted(server), before)
      },
    }
  },
})

const twoMinds: Contest = {
  title: 'RFC 6749 §4.1.2: of Allow and Decline on one page one counts',
  async prepare(server) {
    const at = await visitConsent(server, alice, { client_id: 'shop', redirect_uri: 'https://client.example/cb' })
    return {
      attempt: async (number) => wonIfSentBack(await (number % 2 === 0 ? allow(at) : decline(at))),
      losers: ['410'],
    }
  },
}

export const pageContests: readonly Contest[] = [
  pushedRequest,
  requestObject,
  pushedObject,
  ...consentForms.map(consentForm),
  twoMinds,
]
