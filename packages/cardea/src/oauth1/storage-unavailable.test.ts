import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OAuth1FeatureOptions } from '../oauth1-feature.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { alice } from '../testing/authorization-visit.ts'
import { failingStore } from '../testing/failing-store.ts'
import {
  approvedFor,
  exchange,
  initiate,
  oauth1Client,
  resource,
  sendSigned,
  signedFor,
  startOAuth1Server,
  temporaryFor,
  tokenFor,
} from '../testing/oauth1-flow.ts'
import type { TestServer } from '../testing/test-server.ts'
import { formsOf } from '../testing/user-agent.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const mover = { consumerKey: 'mover', keys: { clientSecret: 'mover-secret' } }

/** A request that can be made again, and what it is answered by when storage works. */
interface Operation {
  readonly name: string
  readonly status: number
  readonly oauth1?: OAuth1FeatureOptions
  prepare(server: TestServer): Promise<() => Promise<Response>>
}

async function consent(server: TestServer, decision: 'allow' | 'deny') {
  const { token } = await temporaryFor(server)
  const browser = server.agent()
  const { username, password } = alice
  const signIn = await browser.follow(await browser.get(`/oauth1/authorize?oauth_token=${token}`))
  const page = await browser.follow(await browser.submit(signIn, { username, password, action: 'sign_in' }))
  const form = formsOf(await page.text()).at(-1)
  return () => browser.post(form?.action ?? '', [...(form?.fields ?? []), ['decision', decision]])
}

const moving = async (server: TestServer) => {
  const credentials = await tokenFor(server, mover)
  const form = { grant_type: grantType, subject_token: credentials.token }
  const subject_token_type = 'urn:cardea:params:oauth:token-type:oauth1'
  const body = new URLSearchParams({ ...form, subject_token_type }).toString()
  return () => sendSigned(server, '/token', { ...mover, credentials, body })
}

const operations: readonly Operation[] = [
  { name: 'temporary credentials', status: 200, prepare: async (server) => () => initiate(server) },
  {
    name: 'the beginning of an authorization',
    status: 303,
    async prepare(server) {
      const { token } = await temporaryFor(server)
      return () => server.agent().get(`/oauth1/authorize?oauth_token=${token}`)
    },
  },
  { name: 'Allow', status: 303, prepare: (server) => consent(server, 'allow') },
  {
    name: 'the exchange of a temporary credential',
    status: 200,
    async prepare(server) {
      const approved = await approvedFor(server)
      return () => exchange(server, approved)
    },
  },
  {
    name: 'a signed request',
    status: 200,
    async prepare(server) {
      const credentials = await tokenFor(server)
      return () => resource(server, { credentials })
    },
  },
  {
    name: 'a verification for another server',
    status: 200,
    async prepare(server) {
      const credentials = await tokenFor(server)
      return () => {
        const { headers, method, url } = signedFor(server, '/photos', { method: 'GET', credentials })
        const question = { method, url, authorization: headers.authorization ?? '' }
        return server.post('/oauth1/verify', question, { client: ['api', 'api-secret'] })
      }
    },
  },
  { name: 'an exchange for OAuth 2 tokens', status: 200, prepare: moving },
  {
    name: 'the only exchange for OAuth 2 tokens',
    status: 200,
    oauth1: { exchange: { repeatedly: false } },
    prepare: moving,
  },
]

async function start(oauth1: OAuth1FeatureOptions = {}) {
  const store = failingStore(memoryStore())
  const server = await startOAuth1Server({
    store,
    oauth1,
    clients: [
      oauth1Client('mover', { secret: 'mover-secret' }, { grant_types: [grantType] }),
      { client_id: 'api', secret: 'api-secret', introspect_any: true },
    ],
  })
  return { store, server }
}

for (const { name, status, oauth1, prepare } of operations) {
  test(`R-KILL-3: ${name}: whichever storage call fails, the answer is 503, and trying again succeeds`, async () => {
    let failures = 0
    for (let call = 1; call < 40; call += 1) {
      const { store, server } = await start(oauth1)
      const act = await prepare(server)
      store.failAt(call)
      const answer = await act()
      if (!store.heal()) {
        assert.equal(answer.status, status)
        assert.ok(failures > 0)
        return
      }
      failures += 1
      assert.equal(answer.status, 503, `call ${call}: ${await answer.clone().text()}`)
      assert.ok(Number(answer.headers.get('retry-after')) > 0)
      assert.equal((await act()).status, status, `again after call ${call}`)
      assert.ok(!server.events.some(({ type }) => type === 'internal_error'))
    }
    assert.fail('more calls than expected')
  })
}

test('R-KILL-3: Decline: whichever storage call fails, nothing is approved', async () => {
  for (let call = 1; call < 20; call += 1) {
    const { store, server } = await start()
    const deny = await consent(server, 'deny')
    store.failAt(call)
    const answer = await deny()
    if (!store.heal()) return assert.equal(answer.status, 303)
    assert.equal(answer.status, 503)
    assert.ok([303, 410].includes((await deny()).status))
    assert.ok(!server.events.some(({ type }) => type === 'consent_given'))
  }
})
