import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import type { GrantFacts } from '../../core/model/grant-facts.ts'
import type { InitialAccessToken } from '../../core/model/initial-access-token.ts'
import type { PushedRequest } from '../../core/model/pushed-request.ts'
import type { Resource } from '../../core/model/resource.ts'
import type { SigningKey } from '../../core/model/signing-key.ts'
import { accessNamed, authorizationNamed, clientNamed, codeNamed, refreshNamed, start } from './nouns.ts'
import type { Rules } from './rules.ts'

const crowd = Array.from({ length: 100 }, (_, index) => index)

const facts: GrantFacts = {
  resources: ['https://api.example/a', 'https://api.example/b'],
  confirmation: { jkt: 'thumb', 'x5t#S256': 'print' },
  authorizationDetails: [{ type: 'payment', amount: { value: '12.5', currency: 'EUR' }, ünïcode: '"' }],
  actor: { sub: 'service', act: { sub: 'earlier' } },
  authTime: start,
  acr: 'high',
  amr: ['pwd', 'otp'],
}

export function factRules(rule: Rules): void {
  rule('facts of a grant come back with the code, the authorization and both tokens', async (store) => {
    await store.ledger.commit({
      at: start,
      code: codeNamed('code', { facts }),
      authorization: authorizationNamed('family', { facts }),
      accessToken: accessNamed('access', { authorizationId: 'family', facts }),
      refreshToken: refreshNamed('refresh', 'family', { facts }),
    })
    await store.ledger.commit({ at: start, accessToken: accessNamed('alone', { facts }) })
    const refresh = await store.tokens.findRefresh(digestOf('refresh'))
    const found = [
      await store.codes.find(digestOf('code')),
      await store.authorizations.find('family'),
      (await store.tokens.findAccess(digestOf('access')))?.token,
      (await store.tokens.findAccess(digestOf('alone')))?.token,
      refresh?.token,
      refresh?.authorization,
    ]
    for (const noun of found) assert.deepEqual(noun?.facts, facts)
  })

  rule(
    'RFC 7591 §2: what extensions registered for a client comes back, and goes when it is left out',
    async (store) => {
      const full = clientNamed('client', {
        jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] },
        require_pushed_authorization_requests: false,
        dpop_bound_access_tokens: true,
        request_uris: [],
        tls_client_auth_san_dns: 'client.example',
        sealed_secret: 'sealed',
        registration_access_token_digest: digestOf('token'),
      })
      await store.clients.save(full)
      assert.deepEqual(await store.clients.find('client'), full)
      await store.clients.save(clientNamed('client'))
      assert.deepEqual(await store.clients.find('client'), clientNamed('client'))
    },
  )
}

const pushedNamed = (name: string, more: Partial<PushedRequest> = {}): PushedRequest => ({
  digest: digestOf(name),
  clientId: 'client',
  parameters: [
    ['resource', 'https://a.example'],
    ['resource', 'https://b.example'],
    ['state', 'a "b" ü'],
  ],
  createdAt: start,
  expiresAt: start + 60,
  ...more,
})

export function pushedRequestRules(rule: Rules): void {
  rule('RFC 9126 §4: of 100 parallel uses of a pushed request one has it; it stays findable', async (store) => {
    const request = pushedNamed('pushed')
    await store.pushedRequests.save(request)
    await assert.rejects(store.pushedRequests.save(request))
    assert.deepEqual(await store.pushedRequests.find(request.digest), request)
    const takes = await Promise.all(crowd.map(() => store.pushedRequests.take(request.digest, start + 1)))
    assert.equal(takes.filter(Boolean).length, 1)
    assert.deepEqual(await store.pushedRequests.find(request.digest), { ...request, takenAt: start + 1 })
    const signed = pushedNamed('signed', { signed: true })
    await store.pushedRequests.save(signed)
    assert.deepEqual(await store.pushedRequests.find(signed.digest), signed)
    assert.equal(await store.pushedRequests.take(digestOf('absent'), start), false)
    assert.equal(await store.pushedRequests.find(digestOf('absent')), undefined)
  })
}

const keyNamed = (kid: string, more: Partial<SigningKey> = {}): SigningKey => ({
  kid,
  alg: 'ES256',
  use: 'sig',
  state: 'next',
  publicJwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' },
  sealedPrivateJwk: 'sealed',
  createdAt: start,
  ...more,
})

export function signingKeyRules(rule: Rules): void {
  rule('T-KEY-1: promoting a key retires the active one of its use and algorithm, and no other', async (store) => {
    const active = keyNamed('active', { state: 'active', activatedAt: start })
    const others = [
      keyNamed('other algorithm', { state: 'active', alg: 'EdDSA', createdAt: start + 1 }),
      keyNamed('other use', { state: 'active', use: 'enc', createdAt: start + 2 }),
    ]
    const next = keyNamed('next', { createdAt: start + 3 })
    for (const key of [active, ...others, next]) await store.signingKeys.save(key)
    assert.equal(await store.signingKeys.promote('next', start + 10, start + 99), true)
    assert.deepEqual(await store.signingKeys.all(), [
      { ...active, state: 'retired', retiredAt: start + 10, expiresAt: start + 99 },
      ...others,
      { ...next, state: 'active', activatedAt: start + 10 },
    ])
    for (const kid of ['next', 'active', 'absent']) {
      assert.equal(await store.signingKeys.promote(kid, start + 11, start + 99), false)
    }
    assert.equal(await store.signingKeys.delete('other use'), true)
    assert.equal(await store.signingKeys.delete('other use'), false)
    assert.equal((await store.signingKeys.all()).length, 3)
  })

  rule(
    'T-KEY-1: a key is sealed anew once, where it is sealed as it was read, and stays as it is otherwise',
    async (store) => {
      const key = keyNamed('one', { state: 'active', activatedAt: start })
      await store.signingKeys.save(key)
      const from = key.sealedPrivateJwk
      assert.equal(await store.signingKeys.reseal('one', 'another', 'lost'), false)
      assert.equal(await store.signingKeys.reseal('absent', from, 'lost'), false)
      const many = await Promise.all(['a', 'b', 'c'].map((to) => store.signingKeys.reseal('one', from, to)))
      assert.deepEqual(many.sort(), [false, false, true])
      const [resealed] = await store.signingKeys.all()
      assert.deepEqual({ ...resealed, sealedPrivateJwk: from }, key)
      assert.notEqual(resealed?.sealedPrivateJwk, from)
    },
  )

  rule('T-KEY-1: of 100 parallel promotions of two keys one key is active in the end', async (store) => {
    for (const kid of ['one', 'two']) await store.signingKeys.save(keyNamed(kid))
    const promotions = crowd.map((number) => store.signingKeys.promote(number % 2 === 0 ? 'one' : 'two', start, start))
    assert.equal((await Promise.all(promotions)).filter(Boolean).length, 2)
    const states = (await store.signingKeys.all()).map(({ state }) => state).sort()
    assert.deepEqual(states, ['active', 'retired'])
  })
}

export function resourceRules(rule: Rules): void {
  rule('RFC 8707: resources come back whole, in the order they were first saved', async (store) => {
    const bare: Resource = { identifier: 'https://b.example', name: 'B' }
    const full: Resource = {
      identifier: 'https://a.example/é',
      name: 'A "quoted"',
      scopes: ['read', 'write'],
      token_format: 'jwt',
      signing_alg: 'EdDSA',
      access_token_lifetime: 60,
      keeps_tokens: false,
    }
    for (const resource of [bare, { ...full, name: 'old' }, full]) await store.resources.save(resource)
    assert.deepEqual(await store.resources.all(), [bare, full])
    assert.equal(await store.resources.delete(bare.identifier), true)
    assert.equal(await store.resources.delete(bare.identifier), false)
    assert.deepEqual(await store.resources.all(), [full])
  })
}

const initialNamed = (name: string, more: Partial<InitialAccessToken> = {}): InitialAccessToken => ({
  digest: digestOf(name),
  label: name,
  createdAt: start,
  ...more,
})

export function initialAccessTokenRules(rule: Rules): void {
  rule(
    'RFC 7591 §1.2: an initial access token works as often as it says, 100 parallel uses included',
    async (store) => {
      const limited = initialNamed('limited', { usesLeft: 7, expiresAt: start + 60, policy: 'partners' })
      const endless = initialNamed('endless', { createdAt: start + 1 })
      for (const token of [limited, endless]) await store.initialAccessTokens.save(token)
      assert.deepEqual(await store.initialAccessTokens.all(), [limited, endless])
      const uses = await Promise.all(crowd.map(() => store.initialAccessTokens.use(limited.digest, start)))
      assert.equal(uses.filter(Boolean).length, 7)
      assert.equal(await store.initialAccessTokens.use(endless.digest, start + 10_000), true)
      assert.deepEqual(await store.initialAccessTokens.all(), [endless])
      assert.deepEqual(await store.initialAccessTokens.find(limited.digest), { ...limited, usesLeft: 0 })
      await store.initialAccessTokens.save(initialNamed('late', { expiresAt: start }))
      assert.equal(await store.initialAccessTokens.use(digestOf('late'), start), false)
      assert.equal(await store.initialAccessTokens.use(digestOf('absent'), start), false)
      assert.equal(await store.initialAccessTokens.delete(endless.digest), true)
      assert.equal(await store.initialAccessTokens.delete(endless.digest), false)
    },
  )

  rule('housekeeping: pushed requests, registration tokens and keys go when they expire', async (store) => {
    await store.pushedRequests.save(pushedNamed('pushed'))
    await store.initialAccessTokens.save(initialNamed('token', { expiresAt: start + 60 }))
    await store.initialAccessTokens.save(initialNamed('endless'))
    await store.signingKeys.save(keyNamed('old', { state: 'retired', retiredAt: start, expiresAt: start + 60 }))
    await store.signingKeys.save(keyNamed('current', { state: 'active' }))
    assert.equal(await store.housekeeping.sweep(start + 60, 100), 0)
    assert.equal(await store.housekeeping.sweep(start + 61, 100), 3)
    assert.equal(await store.pushedRequests.find(digestOf('pushed')), undefined)
    assert.deepEqual(
      (await store.signingKeys.all()).map(({ kid }) => kid),
      ['current'],
    )
    assert.equal((await store.initialAccessTokens.all()).length, 1)
  })
}
