import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { cacheStores, memcachedCache } from 'cardea/stores/cache'
import { oauth1ShortTermContract } from 'cardea/testing'
import Memcached from 'memcached'
import memjs from 'memjs'
import { shortTermContests } from '../races/oauth1-contests.ts'
import { runContest } from '../races/race.ts'
import { withCache } from '../races/worlds.ts'
import { startLocally } from './local-server.ts'

// memcached refuses to run as root and does not look at this user otherwise.
const server = await startLocally('memcached', (port) => ['-l', '127.0.0.1', '-p', `${port}`, '-u', 'nobody'])

if (server === undefined) throw new Error('memcached is not installed')

const memJs = memjs.Client.create(`127.0.0.1:${server.port}`)
const memcached = new Memcached(`127.0.0.1:${server.port}`)
after(async () => {
  memJs.close()
  memcached.end()
  await server.stop()
})
let opened = 0
const open = (client: Parameters<typeof memcachedCache>[0]) => () => {
  opened += 1
  return cacheStores(memcachedCache(client), {
    temporaryCredentialPrefix: `temporary_${opened}:`,
    noncePrefix: `nonce_${opened}:`,
  })
}
oauth1ShortTermContract('memcached through memjs', open(memJs))
oauth1ShortTermContract('memcached through memcached', open(memcached))

test('memcached: a key that is to stay for more than 30 days stays', async () => {
  for (const client of [memJs, memcached]) {
    const cache = memcachedCache(client)
    const key = `long_${client === memJs}`
    assert.equal(await cache.add(key, 'value', 31 * 86_400), true)
    assert.equal(await cache.add(key, 'again', 31 * 86_400), false)
    assert.equal(await cache.get(key), 'value')
  }
})

for (const contest of shortTermContests)
  test(`${contest.title}, of a hundred at once (two instances with memcached)`, async (t) =>
    runContest(contest, await withCache(t, open(memJs)()), 100))
