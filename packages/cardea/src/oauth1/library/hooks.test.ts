import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TemporaryCredential } from '../../core/model/temporary-credential.ts'
import { memoryStore } from '../../stores/memory/index.ts'
import { dataOf, formRequest, type Host, oauth1Host, signedRequest } from '../../testing/oauth1-host.ts'
import type { OAuth1ServerOptions } from '../index.ts'
import { OAuth1Server } from '../index.ts'
import type { HookName, OAuth1Hooks } from './hooks.ts'

const path = '/oauth/initiate'

/** Every hook over maps, as a host without cache and store writes them. */
function mapHooks(): { hooks: OAuth1Hooks; issued: string[] } {
  const nonces = new Set<string>()
  const rows = new Map<string, TemporaryCredential>()
  const issued: string[] = []
  const hooks: OAuth1Hooks = {
    claimNonce: (key) => (nonces.size === nonces.add(key).size ? 'seen' : 'first'),
    createTemporaryCredential: (credential) => rows.set(credential.digest, credential),
    getTemporaryCredential: async (digest) => rows.get(digest) ?? null,
    deleteTemporaryCredential: async (digest) => rows.delete(digest),
    createAuthorizationVerifier(digest, approval) {
      const row = rows.get(digest)
      if (row === undefined || row.approval !== undefined) return false
      rows.set(digest, { ...row, approval })
      return true
    },
    createTokenCredential: ({ token }) => issued.push(token),
  }
  return { hooks, issued }
}

function bare(more: Partial<OAuth1ServerOptions> = {}): Host {
  const { options, ...host } = oauth1Host()
  const { shortTerm: _, tokens: __, ...rest } = options
  return { ...host, options, server: new OAuth1Server({ ...rest, ...more }) }
}

function registered(skip?: HookName) {
  const host = bare()
  const { hooks, issued } = mapHooks()
  for (const [name, hook] of Object.entries(hooks)) {
    if (name !== skip) host.server.registerHook(name as HookName, hook as OAuth1Hooks[HookName])
  }
  return { ...host, issued }
}

const initiate = (host: Host, nonce: string) =>
  host.server.createTemporaryCredentialsResponse(
    signedRequest(path, 'POST', { timestamp: host.clock.now(), nonce, parameters: { oauth_callback: 'oob' } })(),
  )

async function approve(host: Host) {
  const { oauth_token = '', oauth_token_secret = '' } = await dataOf(await initiate(host, 'i'))
  const request = formRequest('/authorize', { oauth_token })
  const answer = await host.server.createAuthorizationResponse(request, { grantUser: '1' })
  const verifier = new URL(answer.headers.get('location') ?? '').searchParams.get('oauth_verifier') ?? ''
  return { token: oauth_token, secret: oauth_token_secret, verifier }
}

const redeem = async (host: Host, { token, secret, verifier }: Awaited<ReturnType<typeof approve>>, nonce: string) =>
  host.server.createTokenResponse(
    signedRequest('/oauth/token', 'POST', {
      token,
      keys: { clientSecret: 'secret', tokenSecret: secret },
      timestamp: host.clock.now(),
      nonce,
      parameters: { oauth_verifier: verifier },
    })(),
  )

test('A1-OAUTH1-39: of 100 answers in parallel, allowed and denied, one counts, with hooks too', async () => {
  for (const host of [registered(), oauth1Host()]) {
    const { oauth_token = '', oauth_token_secret = '' } = await dataOf(await initiate(host, 'i'))
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) =>
        host.server.createAuthorizationResponse(formRequest('/authorize', { oauth_token }), {
          grantUser: n % 2 === 0 ? null : '1',
        }),
      ),
    )
    const sent = answers.flatMap((it) => (it.status === 'fulfilled' ? [it.value.headers.get('location') ?? ''] : []))
    const verifiers = sent.flatMap((location) => new URL(location).searchParams.get('oauth_verifier') ?? [])
    // Whoever declines what another's decline has ended is told the same; an approval beside it there is none.
    assert.ok(sent.length >= 1 && verifiers.length <= 1)
    if (verifiers.length === 1) assert.equal(sent.length, 1)
    const [verifier = ''] = verifiers
    const credential = { token: oauth_token, secret: oauth_token_secret, verifier }
    if (verifiers.length === 1) assert.equal((await redeem(host, credential, 'r')).status, 200)
    else await assert.rejects(host.server.checkAuthorizationRequest(formRequest('/authorize', { oauth_token })))
  }
})

test('A1-OAUTH1-50: six hooks are enough for the whole flow, and decide its races', async () => {
  const host = registered()
  const credential = await approve(host)
  const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => redeem(host, credential, `r${n}`)))
  const won = answers.filter(({ status }) => status === 200)
  assert.equal(won.length, 1)
  assert.ok(answers.every(({ status }) => status === 200 || status === 401))
  assert.deepEqual(host.issued, [(await dataOf(won[0] as Response)).oauth_token])
})

test('A1-OAUTH1-50: of 100 requests with one nonce, the hook lets one in', async () => {
  const host = registered()
  const statuses = (await Promise.all(Array.from({ length: 100 }, () => initiate(host, 'same')))).map(
    ({ status }) => status,
  )
  assert.equal(statuses.filter((status) => status === 200).length, 1)
})

test('A1-OAUTH1-50: an unknown hook name and a hook that is none are refused', () => {
  const { server } = bare()
  assert.throws(() => server.registerHook('exists_nonce' as never, (() => 'first') as never), {
    name: 'TypeError',
    message: /there is no "exists_nonce"; valid are claimNonce, createTemporaryCredential/,
  })
  assert.throws(() => server.registerHook('claimNonce', 'x' as never), /claimNonce must be a function/)
})

test('A1-OAUTH1-50: a missing hook is told by name in the event, and uses nothing up', async () => {
  const messages: string[] = []
  const onEvent: OAuth1ServerOptions['onEvent'] = (event) => {
    if (event.type === 'internal_error') messages.push((event.error as Error).message)
  }
  const host = bare({ onEvent })
  assert.equal((await initiate(host, 'n')).status, 500)
  assert.match(messages[0] ?? '', /hook claimNonce is missing\. Register it with registerHook/)
  const without = registered('createTokenCredential')
  const credential = await approve(without)
  assert.equal((await redeem(without, credential, 'r1')).status, 500)
  without.server.registerHook('createTokenCredential', () => {})
  assert.equal((await redeem(without, credential, 'r2')).status, 200)
})

test('A1-OAUTH1-43: a client that guesses verifiers loses its tries over the nonce hook, in every process', async () => {
  const host = registered()
  const credential = await approve(host)
  const statuses: number[] = []
  for (let n = 0; n < 11; n += 1) {
    statuses.push((await redeem(host, { ...credential, verifier: `guess${n}` }, `g${n}`)).status)
  }
  assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 400), 401])
  assert.equal((await redeem(host, credential, 'right')).status, 401)
})

test('A1-OAUTH1-39: a denied and an approved credential cannot be authorized again', async () => {
  const host = registered()
  for (const grantUser of [null, '1']) {
    const { oauth_token = '' } = await dataOf(await initiate(host, `n${grantUser}`))
    const request = () => formRequest('/authorize', { oauth_token })
    await host.server.createAuthorizationResponse(request(), { grantUser })
    await assert.rejects(host.server.createAuthorizationResponse(request(), { grantUser: '1' }), {
      code: 'invalid_token',
    })
    await assert.rejects(host.server.checkAuthorizationRequest(request()), { code: 'invalid_token' })
  }
})

test('A1-OAUTH1-50: beside a store there are no hooks', () => {
  const server = new OAuth1Server({
    issuer: 'https://a.example',
    secrets: ['x'.repeat(32)],
    store: memoryStore(),
  })
  assert.throws(() => server.registerHook('claimNonce', () => 'first'), /a store keeps everything/)
})
