import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchProtector } from 'cardea/fetch'
import { dpopClient } from '../../packages/cardea/test-support/dpop-client.ts'
import { shopSecret } from '../../packages/cardea/test-support/pushing.ts'
import { instances } from './worlds.ts'

test('RFC 9449 §11.1, T-DPP-1: of a hundred uses of one proof at a resource, through two instances, one gets in', async (t) => {
  const servers = await instances(t)
  const client = await dpopClient(servers[0].clock)
  const granted = await client.post(servers[0], { grant_type: 'client_credentials' }, { client: shopSecret })
  const { access_token } = (await granted.json()) as { access_token: string }
  const url = 'https://auth.example/things'
  const dpop = client.proof({ htm: 'GET', htu: url, accessToken: access_token })
  const resources = servers.map(({ provider }) =>
    fetchProtector(provider).requireOAuth(undefined, () => new Response('in')),
  )
  const headers = { authorization: `DPoP ${access_token}`, dpop }
  const statuses = await Promise.all(
    Array.from({ length: 100 }, async (_, number) => {
      const resource = resources[number % resources.length]
      return (await resource?.(new Request(url, { headers })))?.status
    }),
  )
  assert.equal(statuses.filter((status) => status === 200).length, 1)
  assert.equal(statuses.filter((status) => status === 401).length, 99)
})
