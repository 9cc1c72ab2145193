import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, dpopClient, machine, startDpop } from '../../../test-support/dpop-client.ts'
import { shopSecret } from '../../../test-support/pushing.ts'
import { fetchProtector } from '../../adapters/fetch.ts'
import type { Protects, TokenInfo } from '../../resource-guard.ts'
import { resourceProtector } from '../../resource-protector.ts'

const url = 'https://auth.example/things'

test('RFC 9449 §6.1, RFC 9068 §2: a JWT of this server tells its key, and both guards hold to it', async () => {
  const server = await startDpop({ accessTokenFormat: 'jwt' })
  const client = await dpopClient(server.clock)
  const { access_token } = await bodyOf(await client.post(server, machine, { client: shopSecret }))
  const { cnf } = JSON.parse(Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual(cnf, { jkt: client.jkt })
  const jwks = await (await server.agent().get('/jwks')).json()
  const elsewhere = resourceProtector({
    jwt: { issuer: 'https://auth.example', audience: 'https://auth.example', jwks, clock: server.clock },
    dpop: { origin: 'https://auth.example', clock: server.clock },
  })
  const ask = <Token extends TokenInfo<unknown>>(source: Protects<Token>, scheme: string) => {
    const dpop = client.proof({ htm: 'GET', htu: url, accessToken: access_token })
    const headers = { authorization: `${scheme} ${access_token}`, dpop }
    const resource = fetchProtector(source).requireOAuth('read', () => new Response())
    return resource(new Request(url, { headers })).then(({ status }) => status)
  }
  assert.deepEqual([await ask(server.provider, 'DPoP'), await ask(elsewhere, 'DPoP')], [200, 200])
  assert.deepEqual([await ask(server.provider, 'Bearer'), await ask(elsewhere, 'Bearer')], [401, 401])
})
