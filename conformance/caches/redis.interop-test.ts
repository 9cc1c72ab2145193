import { after, test } from 'node:test'
import { cacheStores, redisCache } from 'cardea/stores/cache'
import { oauth1ShortTermContract } from 'cardea/testing'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { shortTermContests } from '../races/oauth1-contests.ts'
import { runContest } from '../races/race.ts'
import { withCache } from '../races/worlds.ts'
import { startLocally } from './local-server.ts'

const server = await startLocally('redis-server', (port) => [
  ...['--bind', '127.0.0.1', '--port', `${port}`],
  ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
])

if (server === undefined) throw new Error('redis-server is not installed')

const nodeRedis = createClient({ socket: { host: '127.0.0.1', port: server.port } })
await nodeRedis.connect()
const ioRedis = new Redis(server.port, '127.0.0.1')
after(async () => {
  nodeRedis.destroy()
  ioRedis.disconnect()
  await server.stop()
})
let opened = 0
const open = (client: Parameters<typeof redisCache>[0]) => () => {
  opened += 1
  return cacheStores(redisCache(client), {
    temporaryCredentialPrefix: `temporary_${opened}:`,
    noncePrefix: `nonce_${opened}:`,
  })
}
oauth1ShortTermContract('Redis through node-redis', open(nodeRedis))
oauth1ShortTermContract('Redis through ioredis', open(ioRedis))

for (const contest of shortTermContests)
  test(`${contest.title}, of a hundred at once (two instances with Redis)`, async (t) =>
    runContest(contest, await withCache(t, open(ioRedis)()), 100))
