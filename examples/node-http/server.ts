import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createProvider } from 'cardea'
import { nodeHandler } from 'cardea/node'
import { notesApi } from './notes.ts'
import { openStore } from './store.ts'

// Keep the secret outside the code. A new one at every start only makes open pages and the refresh window forget.
const secret = process.env.SECRET ?? crypto.randomUUID()
const store = await openStore(process.env.DATABASE ?? 'notes.sqlite')

// Listens first, since with PORT=0 the issuer is not known before.
const server = createServer().listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
await once(server, 'listening')
const issuer = process.env.ISSUER ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const provider = createProvider({
  issuer,
  store,
  secrets: [secret],
  title: 'Notes',
  onEvent: (event) => console.log(JSON.stringify(event)),
})
server.on('request', nodeHandler(provider, { fallback: notesApi(provider) }))

// Expired rows go a few at a time; a full disk is no reason to fall over.
const sweep = setInterval(() => void provider.sweep().catch(console.error), 60_000)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(sweep)
    server.close(() => void store.close())
    server.closeIdleConnections()
  })
}
console.log(`listening on ${issuer}`)
