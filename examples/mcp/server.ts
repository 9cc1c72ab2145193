import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nodeBridge } from '../fetch/node-bridge.ts'
import { createApp } from './app.ts'

const server = createServer().listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
server.on('request', nodeBridge(await createApp(origin), origin))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close()
    server.closeIdleConnections()
  })
}
console.log(`listening on ${origin}`)
