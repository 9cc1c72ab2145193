import { createProvider } from 'cardea'
import { mount, protector } from 'cardea/fastify'
import Fastify from 'fastify'
import { seededStore } from '../seeded-store.ts'

const port = Number(process.env.PORT ?? 3000)
const issuer = process.env.ISSUER ?? `http://127.0.0.1:${port}`
// Keep the secret outside the code. A new one at every start only makes open pages and the refresh window forget.
const secret = process.env.SECRET ?? crypto.randomUUID()

const provider = createProvider({ issuer, store: await seededStore(), secrets: [secret], title: 'Notes' })
const { requireOAuth } = protector(provider)

const notes = new Map<string, string[]>()
const app = Fastify()
await app.register(mount(provider))

// Either scope lets a reader in; only one lets a writer in.
app.get('/notes', {
  handler: requireOAuth(['notes:read', 'notes:write'], async ({ oauth }) => notes.get(oauth.userId ?? '') ?? []),
})

app.post('/notes', {
  schema: { body: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } } },
  handler: requireOAuth('notes:write', async (request, reply) => {
    const { text } = request.body as { text: string }
    const { userId = '' } = request.oauth
    notes.set(userId, [...(notes.get(userId) ?? []), text])
    reply.code(201)
    return { added: text }
  }),
})

await app.listen({ port, host: '127.0.0.1' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close())
console.log(`listening on ${issuer}`)
