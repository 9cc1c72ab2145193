import assert from 'node:assert/strict'
import { digestOf } from '../../core/crypto/digest.ts'
import { accessNamed, clientNamed, isLiveAccess, isLiveRefresh, saveCode, saveFamily, start } from './nouns.ts'
import type { Rules } from './rules.ts'

export function clientRules(rule: Rules): void {
  rule('RFC 7591 §2: a client comes back with every member it was saved with, and none besides', async (store) => {
    const full = clientNamed('full', {
      scope: 'read write',
      client_uri: 'https://client.example/',
      logo_uri: 'https://client.example/logo.png',
      policy_uri: 'https://client.example/policy',
      tos_uri: 'https://client.example/tos',
      contacts: ['ops@client.example'],
      application_type: 'native',
      client_secret_expires_at: 0,
      client_secret_hash: 'sha256:abc',
      pkce: ['plain'],
      first_party: false,
      introspect_any: true,
      response_modes: ['query'],
      oauth1: {
        sealed_secret: 'sealed',
        public_key: '-----BEGIN PUBLIC KEY-----\n',
        callbacks: ['https://client.example/ready', 'oob'],
        signature_methods: ['HMAC-SHA1'],
      },
      disabled: false,
    })
    await store.clients.save(full)
    await store.clients.save(clientNamed('bare'))
    assert.deepEqual({ ...(await store.clients.find('full')) }, full)
    assert.deepEqual({ ...(await store.clients.find('bare')) }, clientNamed('bare'))
    assert.equal(await store.clients.find('FULL'), undefined)
  })

  rule('clients: saving an existing id replaces the client', async (store) => {
    await store.clients.save(clientNamed('one', { scope: 'read' }))
    await store.clients.find('one')
    await store.clients.save(clientNamed('one', { client_name: 'Renamed' }))
    assert.deepEqual({ ...(await store.clients.find('one')) }, clientNamed('one', { client_name: 'Renamed' }))
  })

  rule('clients: one is replaced only as it was found, and one that is gone stays gone', async (store) => {
    const before = clientNamed('one', { scope: 'read', software_id: 'app' })
    const after = clientNamed('one', { client_name: 'Renamed' })
    assert.equal(await store.clients.replace(before, after), false)
    assert.equal(await store.clients.find('one'), undefined)
    await store.clients.save(before)
    const found = await store.clients.find('one')
    assert.ok(found)
    assert.equal(await store.clients.replace(found, after), true)
    assert.equal(await store.clients.replace(found, before), false)
    assert.deepEqual({ ...(await store.clients.find('one')) }, after)
  })

  rule('clients: of many who replace what they found, one does', async (store) => {
    const before = clientNamed('one')
    await store.clients.save(before)
    const names = Array.from({ length: 100 }, (_, index) => `Name ${index}`)
    const done = await Promise.all(
      names.map((client_name) => store.clients.replace(before, { ...before, client_name })),
    )
    assert.equal(done.filter(Boolean).length, 1)
    assert.equal((await store.clients.find('one'))?.client_name, names[done.indexOf(true)])
  })

  rule('clients: a listing goes through all of them page by page in the order of their ids', async (store) => {
    for (const id of ['c', 'a', 'e', 'b', 'd']) await store.clients.save(clientNamed(id))
    const first = await store.clients.list({ limit: 2 })
    const second = await store.clients.list({ limit: 2, after: 'b' })
    const last = await store.clients.list({ limit: 2, after: 'd' })
    const ids = [first, second, last].map((page) => page.map((client) => client.client_id))
    assert.deepEqual(ids, [['a', 'b'], ['c', 'd'], ['e']])
  })
}

export function clientEndingRules(rule: Rules): void {
  rule(
    'clients: disabling one revokes all it has in the same step, and enabling it brings nothing back',
    async (store) => {
      await store.clients.save(clientNamed('client'))
      await saveFamily(store, 'family')
      await saveFamily(store, 'foreign', { clientId: 'other' })
      await saveCode(store, 'code')
      await store.ledger.commit({ at: start, accessToken: accessNamed('machine') })
      await store.clients.save(clientNamed('client', { disabled: true }))
      await store.clients.save(clientNamed('client'))
      assert.equal(await isLiveAccess(store, 'family access'), false)
      assert.equal(await isLiveRefresh(store, 'family refresh'), false)
      assert.equal(await isLiveAccess(store, 'machine'), false)
      assert.equal(await store.codes.find(digestOf('code')), undefined)
      assert.equal(await isLiveAccess(store, 'foreign access'), true)
    },
  )

  rule('clients: replacing one by itself disabled revokes all it has in the same step', async (store) => {
    const before = clientNamed('client')
    await store.clients.save(before)
    await saveFamily(store, 'family')
    assert.equal(await store.clients.replace(before, clientNamed('client', { disabled: true })), true)
    await store.clients.save(before)
    assert.equal(await isLiveAccess(store, 'family access'), false)
  })

  rule('clients: with a deleted client everything issued to it is gone', async (store) => {
    await store.clients.save(clientNamed('client'))
    await saveFamily(store, 'family')
    await saveFamily(store, 'foreign', { clientId: 'other' })
    await saveCode(store, 'code')
    await store.ledger.commit({
      at: start,
      accessToken: accessNamed('machine'),
      consent: { userId: 'user', clientId: 'client', scope: ['read'], updatedAt: start },
    })
    assert.equal(await store.clients.delete('client'), true)
    assert.equal(await store.clients.delete('client'), false)
    assert.equal(await store.clients.find('client'), undefined)
    assert.equal(await store.authorizations.find('family'), undefined)
    assert.equal(await store.tokens.findAccess(digestOf('family access')), undefined)
    assert.equal(await store.tokens.findRefresh(digestOf('family refresh')), undefined)
    assert.equal(await store.tokens.findAccess(digestOf('machine')), undefined)
    assert.equal(await store.codes.find(digestOf('code')), undefined)
    assert.equal(await store.consents.find('user', 'client'), undefined)
    assert.deepEqual(await store.tokens.listAccess({ clientId: 'client' }, { limit: 10 }), [])
    assert.equal(await isLiveRefresh(store, 'foreign refresh'), true)
  })
}
