import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  manage,
  post,
  refusal,
  registered,
  startRegistering,
  updateOf,
  webMetadata,
} from '../../../test-support/registering.ts'
import { signJwt } from '../../core/crypto/jose/sign-jwt.ts'
import { generateSigningKey } from '../../core/crypto/jose/signing-key.ts'
import type { TestServerOptions } from '../../testing/test-server.ts'

/** This machine, the networks around it and what clouds keep there, in every notation that leads there. */
const privateHosts = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '017700000001',
  '0x7f.1',
  '0x7f000001',
  '127.0.0.1.',
  '127.0.0.1:8443',
  '0.0.0.0',
  '0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '2852039166',
  '0251.0376.0251.0376',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[fd00::1]',
  '[fe80::1]',
  '[ff02::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[64:ff9b:1::8.8.8.8]',
  '[2002:7f00:1::1]',
  '[2001:0:4136:e378:8000:63bf:80ff:fffe]',
  'localhost',
  'LOCALHOST.',
  'keys.localhost:8443',
]

const keyed = { ...webMetadata, token_endpoint_auth_method: 'private_key_jwt' }
const objects: TestServerOptions = { requestObjects: { byReference: true } }

/** Everything that a client may have us fetch. */
const fetched = (url: string) =>
  ({
    jwks_uri: { ...keyed, jwks_uri: url },
    request_uris: { ...webMetadata, request_uris: ['https://a.example/r', url] },
  }) as const

test('T-SSRF-1, T-DCR-2: a private or special address to be fetched is refused where it is registered, in every notation', async () => {
  const server = await startRegistering({}, objects)
  const client = await registered(server)
  for (const host of privateHosts) {
    for (const [member, metadata] of Object.entries(fetched(`https://${host}/keys`))) {
      for (const answer of [
        await post(server, metadata),
        await manage(server, 'PUT', client, updateOf(client, metadata)),
      ]) {
        const [status, error, description] = await refusal(answer)
        assert.deepEqual([status, error], [400, 'invalid_client_metadata'], `${member} ${host}`)
        assert.match(description, new RegExp(`^${member}: must not lead to this machine or to a private or special`))
      }
    }
  }
  assert.equal((await server.store.clients.list({ limit: 9 })).length, 1)
})

test('T-SSRF-1: what the operator has allowed by name may be registered, and nothing near it', async () => {
  const outgoing = { allowHosts: ['10.0.0.1', 'localhost:8443', 'fd00::1'] }
  const server = await startRegistering({}, { ...objects, outgoing })
  for (const host of ['10.0.0.1', '10.1', 'localhost:8443', '[fd00::1]'])
    for (const metadata of Object.values(fetched(`https://${host}/keys`)))
      assert.equal((await post(server, metadata)).status, 201, host)
  for (const host of ['10.0.0.2', 'localhost', '[fd00::2]'])
    for (const metadata of Object.values(fetched(`https://${host}/keys`)))
      assert.equal((await post(server, metadata)).status, 400, host)
})

test('T-SSRF-1: what could never be fetched is refused where it is registered', async () => {
  const server = await startRegistering({}, objects)
  for (const url of ['https://app.example/keys#part', 'http://app.example/keys', 'https://a@app.example/keys'])
    for (const [member, metadata] of Object.entries(fetched(url))) {
      const [status, error, description] = await refusal(await post(server, metadata))
      assert.deepEqual([status, error, description.split(':')[0]], [400, 'invalid_client_metadata', member], url)
    }
})

test('T-SSRF-1, T-DCR-2: keys of a client whose name leads to a private address are not asked for when they are needed', async () => {
  let leadsTo = ''
  const resolve = async () => [{ address: leadsTo, family: leadsTo.includes(':') ? (6 as const) : (4 as const) }]
  const server = await startRegistering({}, { outgoing: { resolve } })
  const signer = await generateSigningKey('ES256')
  for (leadsTo of ['127.0.0.1', '169.254.169.254', '10.0.0.1', '::1', 'fd00::1', '::ffff:7f00:1']) {
    const { client_id } = await registered(server, { ...keyed, jwks_uri: 'https://keys.example/' })
    const now = server.clock.now()
    const claims = {
      iss: client_id,
      sub: client_id,
      aud: 'https://auth.example',
      jti: leadsTo,
      iat: now,
      exp: now + 60,
    }
    const answer = await server.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: signJwt(signer, { typ: 'client-authentication+jwt', claims }),
    })
    assert.equal(answer.status, 401, leadsTo)
    const failed = server.events.findLast(({ type }) => type === 'remote_unavailable')
    assert.match(String(failed?.type === 'remote_unavailable' && failed.error), /forbidden_address/, leadsTo)
    server.clock.advance(60)
  }
})
