import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dpopClient } from '../../../../test-support/dpop-client.ts'
import {
  api,
  exchange,
  fromIdp,
  grantType,
  idp,
  introspect,
  other,
  post,
  signIn,
  start,
  typeOf,
} from '../../../../test-support/exchanging.ts'
import type { ExchangePolicy, ExchangeQuestion } from '../../exchange/exchange-options.ts'

test('RFC 8693 §1.1: impersonation leaves no trace of the client, delegation names who acts', async () => {
  const delegated: ExchangePolicy = ({ targets }) => ({ delegation: targets.includes(api) })
  const server = await start({ policy: delegated })
  const { access_token } = await signIn(server)
  const as = await exchange(server, access_token, {}, 'service')
  assert.equal((await introspect(server, as.access_token)).act, undefined)
  const by = await exchange(server, access_token, { resource: api }, 'service')
  const told = await introspect(server, by.access_token)
  assert.deepEqual([told.sub, told.act, told.aud], ['u1', { sub: 'service', client_id: 'service' }, api])
})

test('RFC 8693 §4.1: an actor token says who acts, and who acted before stays behind it', async () => {
  const server = await start({ policy: () => true, maxActors: 2 })
  const subject = await signIn(server)
  const actorOf = async (clientId: string) => {
    const { access_token } = await post(
      server,
      { grant_type: 'password', username: 'ada', password: 'correct horse' },
      clientId,
    )
    return { actor_token: access_token, actor_token_type: typeOf('access_token') }
  }
  const first = await exchange(server, subject.access_token, await actorOf('service'), 'service')
  assert.deepEqual((await introspect(server, first.access_token)).act, { sub: 'u1', client_id: 'service' })
  const second = await exchange(server, first.access_token, await actorOf('reader'), 'reader')
  assert.deepEqual((await introspect(server, second.access_token)).act, {
    sub: 'u1',
    client_id: 'reader',
    act: { sub: 'u1', client_id: 'service' },
  })
  assert.equal((await exchange(server, second.access_token, await actorOf('web'), 'web')).error, 'invalid_request')
  const kept = await exchange(server, second.access_token, {}, 'web')
  assert.equal((await introspect(server, kept.access_token)).act.act.client_id, 'service')
})

test('RFC 8693 §4.4: where the subject’s token says who may act, nobody else does', async () => {
  const policy: ExchangePolicy = ({ client }) => ({
    mayAct: { sub: 'service' },
    delegation: client.client_id !== 'web',
  })
  const server = await start({ policy })
  const first = await exchange(server, (await signIn(server)).access_token)
  assert.deepEqual((await introspect(server, first.access_token)).may_act, { sub: 'service' })
  assert.equal((await exchange(server, first.access_token, {}, 'service')).status, 200)
  assert.equal((await exchange(server, first.access_token, {}, 'reader')).error, 'invalid_request')
  assert.equal((await exchange(server, first.access_token)).status, 200)
  const foreign = (sub: string) => ({ subject_token_type: typeOf('jwt'), subject_token: fromIdp({ may_act: { sub } }) })
  assert.equal((await exchange(server, '', foreign('service'), 'service')).status, 200)
  assert.equal((await exchange(server, '', foreign('reader'), 'service')).error, 'invalid_request')
})

test('RFC 8693 §2.1: a policy is told who asks for what', async () => {
  const questions: ExchangeQuestion[] = []
  const server = await start({
    policy(question) {
      questions.push(question)
      return true
    },
  })
  const { access_token } = await signIn(server)
  const actor = { actor_token: fromIdp(), actor_token_type: typeOf('jwt') }
  await exchange(server, access_token, { ...actor, resource: api, audience: other, scope: 'read' }, 'service')
  const [question] = questions
  assert.deepEqual(
    [question?.client.client_id, question?.subject.clientId, question?.subject.userId, question?.actor?.issuer],
    ['service', 'web', 'u1', idp],
  )
  assert.deepEqual([question?.scope, question?.targets, question?.isOwn], [['read'], [api, other], false])
})

for (const answer of [false, undefined, null, 'yes', 0]) {
  test(`RFC 8693 §2.2.2: a policy that answers ${JSON.stringify(answer)} refuses`, async () => {
    const server = await start({ policy: (() => answer) as never })
    const { access_token } = await signIn(server)
    assert.equal((await exchange(server, access_token)).error, 'invalid_request')
  })
}

test('RFC 8693 §2.1: a policy may let a token for one resource buy one for the next', async () => {
  const server = await start({ policy: ({ targets }) => !targets.includes(other) })
  const { access_token } = await signIn(server, 'web', { resource: other })
  const next = await exchange(server, access_token, { resource: api }, 'service')
  assert.equal((await introspect(server, next.access_token)).aud, api)
  assert.equal((await exchange(server, access_token, { resource: other }, 'service')).error, 'invalid_request')
  const same = await exchange(server, access_token, {}, 'service')
  assert.equal((await introspect(server, same.access_token)).aud, other)
})

test('RFC 8693 §3: a JWT of a trusted issuer stands for a user here', async () => {
  const server = await start({ policy: ({ subject }) => subject.issuer === idp })
  const form = { subject_token_type: typeOf('jwt') }
  const answer = await exchange(server, fromIdp({ act: { sub: 'gateway', iss: idp } }), form, 'service')
  const { sub, client_id, act } = await introspect(server, answer.access_token)
  assert.deepEqual([sub, client_id, act], ['u1', 'service', { sub: 'gateway', iss: idp }])
  assert.equal(answer.expires_in, 60)
  assert.equal((await exchange(server, fromIdp({ scope: 'write' }), { ...form, scope: 'read' })).error, 'invalid_scope')
  assert.equal((await exchange(server, fromIdp({ act: 'gateway' }), form)).error, 'invalid_request')
  assert.equal((await exchange(server, fromIdp({ sub: 'nobody' }), form)).error, 'invalid_request')
})

test('RFC 8693 §2.1: tokens of the host’s own text are exchanged too, dots and all', async () => {
  const options = { tokenGenerators: { password: ({ random }: { readonly random: string }) => `eyJ.${random}` } }
  const server = await start({ policy: () => true }, options)
  const { access_token } = await signIn(server)
  assert.match(access_token, /^eyJ\./)
  assert.equal((await exchange(server, access_token)).status, 200)
  const actor = { actor_token: access_token, actor_token_type: typeOf('access_token') }
  assert.equal((await exchange(server, access_token, actor)).status, 200)
  assert.equal((await exchange(server, access_token, { subject_token_type: typeOf('jwt') })).error, 'invalid_request')
})

test('RFC 8693 §2.1, RFC 9449 §5: a client must prove the key of its own actor token, as of its subject token', async () => {
  const server = await start({ policy: () => true }, { dpop: true })
  const holder = await dpopClient(server.clock)
  const person = { grant_type: 'password', username: 'ada', password: 'correct horse' }
  const client = ['service', 's'] as const
  const bound = (await (await holder.post(server, person, { client })).json()) as { access_token: string }
  const { access_token: subject_token } = await signIn(server)
  const form = { subject_token, actor_token: bound.access_token, actor_token_type: typeOf('access_token') }
  assert.equal((await exchange(server, subject_token, form, 'service')).error, 'invalid_grant')
  const whole = { grant_type: grantType, subject_token_type: typeOf('access_token'), ...form }
  const answer = await holder.post(server, whole, { client })
  const { access_token } = (await answer.json()) as { access_token: string }
  const told = await introspect(server, access_token)
  assert.deepEqual([told.act.client_id, told.cnf], ['service', { jkt: holder.jkt }])
})

for (const [byDefault, ofResource, expected] of [
  ['jwt', 'opaque', 400],
  ['opaque', 'jwt', 200],
] as const) {
  test(`RFC 8693 §2.2.1: issued_token_type is of the token that is issued: ${ofResource}, by whichever spelling of the resource`, async () => {
    const resources = [{ identifier: api, name: 'API', token_format: ofResource }]
    const server = await start({ policy: () => true }, { accessTokenFormat: byDefault, resources })
    const form = { requested_token_type: typeOf('jwt'), resource: `${api}/` }
    const answer = await exchange(server, (await signIn(server)).access_token, form)
    assert.equal(answer.status, expected)
    if (expected === 200)
      assert.deepEqual([answer.issued_token_type, answer.access_token.slice(0, 3)], [typeOf('jwt'), 'eyJ'])
  })
}
