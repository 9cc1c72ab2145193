import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  initialAccessToken,
  manage,
  post,
  refusal,
  registered,
  startRegistering,
  updateOf,
  webMetadata,
} from '../../../test-support/registering.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { memoryStore } from '../../stores/memory/index.ts'

test('RFC 7591 §5: the policy of an initial access token holds for what registers with it', async () => {
  const policies = {
    default: { scope: 'read' },
    partner: { grantTypes: ['authorization_code', 'client_credentials'], redirectHosts: ['*.partner.example'] },
  }
  const server = await startRegistering({ mode: 'open', policies })
  const token = await initialAccessToken(server, { policy: 'partner' })
  const grant_types = ['authorization_code', 'client_credentials']
  const redirect_uris = ['https://app.partner.example/cb']
  const both = await registered(server, { grant_types, redirect_uris }, { token })
  assert.equal(both.scope, 'read write')
  assert.equal((await server.store.clients.find(both.client_id))?.registration_policy, 'partner')
  assert.equal((await refusal(await post(server, { grant_types, redirect_uris })))[1], 'invalid_client_metadata')
  const elsewhere = await post(server, { ...webMetadata, grant_types }, { token })
  assert.equal((await refusal(elsewhere))[1], 'invalid_redirect_uri')
  for (const host of ['partner.example', 'evilpartner.example', 'partner.example.evil.example']) {
    const answer = await post(server, { redirect_uris: [`https://${host}/cb`] }, { token })
    assert.equal((await refusal(answer))[1], 'invalid_redirect_uri', host)
  }
})

test('T-DCR-1: a policy that the operator has taken away is not another one: nothing is registered or changed under it', async () => {
  const store = memoryStore()
  const policies = { default: {}, partner: { scope: 'read' } }
  const before = await startRegistering({ mode: 'initial-access-token', policies }, { store })
  const token = await initialAccessToken(before, { policy: 'partner' })
  const client = await registered(before, webMetadata, { token })
  const after = await startRegistering({ mode: 'initial-access-token' }, { store })
  const more = { scope: 'read write' }
  for (const answer of [
    await post(after, { ...webMetadata, ...more }, { token }),
    await manage(after, 'PUT', client, updateOf(client, more)),
  ]) {
    const [status, error] = await refusal(answer)
    assert.deepEqual([status, error], [403, 'unauthorized_client'])
  }
  assert.equal((await store.clients.find(client.client_id))?.scope, 'read')
  assert.equal((await manage(after, 'GET', client)).status, 200)
  assert.equal((await manage(after, 'DELETE', client)).status, 204)
})

test('T-DCR-1: what a client may ask for is at most what its policy has', async () => {
  const policy = {
    scope: 'read',
    applicationTypes: ['web'],
    authMethods: ['client_secret_post'],
    resources: ['https://api.example'],
  } as const
  const resources = [
    { identifier: 'https://api.example', name: 'API' },
    { identifier: 'https://other.example', name: 'Other' },
  ]
  const server = await startRegistering({ policies: { default: policy } }, { resources })
  const sound = { ...webMetadata, token_endpoint_auth_method: 'client_secret_post' }
  const client = await registered(server, sound)
  assert.equal(client.scope, 'read')
  assert.deepEqual(client.resources, ['https://api.example'])
  for (const [member, change] of [
    ['scope', { scope: 'read write' }],
    ['application_type', { application_type: 'native' }],
    ['token_endpoint_auth_method', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['resources', { resources: ['https://other.example'] }],
    ['grant_types', { grant_types: ['authorization_code', 'client_credentials'] }],
  ] as const) {
    const [status, error, description] = await refusal(await post(server, { ...sound, ...change }))
    assert.deepEqual([status, error], [400, 'invalid_client_metadata'])
    assert.ok(description.startsWith(`${member}: `), description)
  }
})

test('RFC 7591 §5: the host has the last word, on what it is told of', async () => {
  const told: unknown[] = []
  const server = await startRegistering({
    approve(metadata, { client, policy, before }) {
      told.push([metadata.client_name, client.client_name, policy, before, client.client_secret_hash])
      if (client.client_name === 'Bank')
        throw new ProtocolError('invalid_client_metadata', 'taken', { description: 'client_name: is taken' })
      return { approved: client.client_name === 'Known' }
    },
  })
  assert.deepEqual(await refusal(await post(server, { ...webMetadata, client_name: 'Bank' })), [
    400,
    'invalid_client_metadata',
    'client_name: is taken',
  ])
  const known = await registered(server, { ...webMetadata, client_name: 'Known' })
  const other = await registered(server)
  assert.equal((await server.store.clients.find(known.client_id))?.unapproved, undefined)
  assert.equal((await server.store.clients.find(other.client_id))?.unapproved, true)
  assert.deepEqual(told[0], ['Bank', 'Bank', 'default', undefined, undefined])
  assert.equal((await server.store.clients.list({ limit: 10 })).length, 2)
})

test('Options: what cannot be meant is refused when the provider is made, by name', async () => {
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ mode: 'anybody' }, /^registration\.mode: must be open or initial-access-token/],
    [{ mode: 'open', polices: {} }, /^registration: there is no "polices"; valid are mode/],
    [
      { mode: 'open', policies: { default: { scopes: 'read' } } },
      /^registration\.policies\.default: there is no "scopes"/,
    ],
    [{ mode: 'open', policies: { p: { scope: ['read'] } } }, /^registration\.policies\.p\.scope: must be of kind text/],
    [{ mode: 'open', softwareStatements: [{ issuer: 'https://a.example' }] }, /needs jwks or jwksUri, one of them/],
    [
      {
        mode: 'open',
        softwareStatements: [{ issuer: 'a', jwksUri: 'https://a.example/jwks', algorithms: ['HS256'] }],
      },
      /"HS256" is no algorithm with a public key/,
    ],
    [
      { mode: 'open', softwareStatements: [{ issuer: 'a', jwksUri: 'https://a.example/jwks', policy: 'gold' }] },
      /there is no policy "gold"/,
    ],
    [{ mode: 'open', softwareStatements: [{ issuer: 'a', jwksUri: 'http://a.example/jwks' }] }, /https URL/],
    [
      { mode: 'open', softwareStatements: [{ issuer: 'a', jwksUri: 'https://10.0.0.1/jwks' }] },
      /softwareStatements\[0\]\.jwksUri: .*, unless outgoing\.allowHosts names its host, got "https:\/\/10\.0\.0\.1/,
    ],
    [{ mode: 'open', approve: true }, /^registration\.approve: must be a function/],
  ]
  for (const [registration, message] of wrong) {
    await assert.rejects(startRegistering(registration), (error) => {
      assert.ok(error instanceof TypeError)
      assert.match(error.message, message)
      return true
    })
  }
})
