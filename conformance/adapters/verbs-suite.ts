import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { redirectUri } from './actors.ts'
import { type Parsers, type StartedVerbs, startVerbs, type VerbsHostFor } from './verbs-host.ts'

/** RFC 7636 Appendix B. */
const pkcePair = {
  verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
}

type Fields = readonly { readonly name: string; readonly value: string }[]

const query = (more: Record<string, string> = {}): string =>
  `?${new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri: redirectUri,
    scope: 'read',
    state: 'a state & more',
    code_challenge: pkcePair.challenge,
    code_challenge_method: 'S256',
    ...more,
  })}`

const asJohn = { 'x-user': 'u-john' }

const ask = ({ origin }: StartedVerbs, more?: Record<string, string>): Promise<Response> =>
  fetch(`${origin}/own/authorize${query(more)}`, { headers: asJohn, redirect: 'manual' })

async function answer(server: StartedVerbs, confirm: string, more: Record<string, string> = {}): Promise<URL> {
  const fields = (await (await ask(server)).json()) as Fields
  const body = new URLSearchParams([...fields.map(({ name, value }) => [name, value]), ['confirm', confirm]])
  for (const [name, value] of Object.entries(more)) body.append(name, value)
  const sent = await fetch(`${server.origin}/own/authorize`, {
    method: 'POST',
    headers: asJohn,
    body,
    redirect: 'manual',
  })
  assert.equal(sent.status, 303, await sent.text())
  return new URL(sent.headers.get('location') ?? '')
}

const post = ({ origin }: StartedVerbs, form: Record<string, string>): Promise<Response> =>
  fetch(`${origin}/own/token`, { method: 'POST', body: new URLSearchParams(form) })

interface Case {
  readonly title: string
  run(server: StartedVerbs): Promise<void>
}

const cases: readonly Case[] = [
  {
    title: 'A2-AS-10: a spelled-out server asks, is answered, and gives a code that buys tokens',
    async run(server) {
      const sent = await answer(server, 'yes')
      assert.deepEqual([sent.origin + sent.pathname, sent.searchParams.get('state')], [redirectUri, 'a state & more'])
      const code = sent.searchParams.get('code') ?? ''
      const form = { grant_type: 'authorization_code', client_id: 'app', redirect_uri: redirectUri, code }
      const tokens = await post(server, { ...form, code_verifier: pkcePair.verifier })
      assert.deepEqual([tokens.status, tokens.headers.get('cache-control')], [200, 'no-store'])
      assert.equal(((await tokens.json()) as { scope: string }).scope, 'read')
    },
  },
  {
    title: 'A2-AS-11: what else the form says changes nothing, and no is told to the client',
    async run(server) {
      const altered = { redirect_uri: 'https://evil.example/', scope: 'read write', state: 'another' }
      const sent = await answer(server, 'no', altered)
      assert.deepEqual([sent.origin + sent.pathname, sent.searchParams.get('error')], [redirectUri, 'access_denied'])
      assert.equal(sent.searchParams.get('state'), 'a state & more')
    },
  },
  {
    title: 'A2-AS-22: a refusal that a route lets through goes to the client where it may, and is shown where not',
    async run(server) {
      const told = await ask(server, { scope: 'unheard-of' })
      const location = new URL(told.headers.get('location') ?? '')
      assert.deepEqual([told.status, location.searchParams.get('error')], [303, 'invalid_scope'])
      const shown = await ask(server, { redirect_uri: 'https://evil.example/' })
      assert.deepEqual([shown.status, shown.headers.get('location')], [400, null])
      assert.match(shown.headers.get('content-type') ?? '', /^text\/html/)
      assert.match(shown.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    },
  },
  {
    title: 'A2-AS-25: the token verb answers another method, another body and too much of one',
    async run(server) {
      const get = await fetch(`${server.origin}/own/token`)
      assert.deepEqual([get.status, get.headers.get('allow')], [405, 'POST'])
      const unknown = await post(server, { grant_type: 'authorization_code', client_id: 'nobody' })
      assert.equal(unknown.status, 401)
      assert.match(unknown.headers.get('www-authenticate') ?? '', /^Basic/)
      const body = new URLSearchParams({ grant_type: 'x'.repeat(200_000) })
      const large = await fetch(`${server.origin}/own/token`, { method: 'POST', body })
      assert.equal(large.status, 413)
    },
  },
  {
    title: 'adapter: what else a route throws is the framework’s, and the server goes on',
    async run(server) {
      const failed = await fetch(`${server.origin}/own/failing`)
      assert.equal(failed.status, 500)
      assert.doesNotMatch(await failed.text(), /database of the host/)
      assert.equal(await (await fetch(`${server.origin}/own/page`)).text(), 'a page of the host')
    },
  },
]

/** What `oauth(fn)` of every adapter has to do, seen from outside. */
export function verbsSuite(name: string, hostFor: VerbsHostFor, every: readonly Parsers[]): void {
  for (const parsers of every) {
    const up: StartedVerbs[] = []
    before(async () => void up.push(await startVerbs(hostFor, parsers)))
    after(async () => {
      for (const started of up) await started.stop()
    })
    for (const { title, run } of cases) {
      const where = parsers === 'none' ? 'nothing parsed before' : 'behind body parsers'
      test(`${title} (${name}, ${where})`, () => run(up[0] as StartedVerbs))
    }
  }
}
