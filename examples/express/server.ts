import { createProvider } from 'cardea'
import { mount, protector } from 'cardea/express'
import express from 'express'
import { seededStore } from '../seeded-store.ts'

const port = Number(process.env.PORT ?? 3000)
const issuer = process.env.ISSUER ?? `http://127.0.0.1:${port}`
// Keep the secret outside the code. A new one at every start only makes open pages and the refresh window forget.
const secret = process.env.SECRET ?? crypto.randomUUID()

const provider = createProvider({ issuer, store: await seededStore(), secrets: [secret], title: 'Notes' })
const { requireOAuth } = protector(provider)

const notes = new Map<string, string[]>()
const app = express()
app.use(mount(provider))
app.use(express.json())

// Either scope lets a reader in; only one lets a writer in.
app.get(
  '/notes',
  requireOAuth(['notes:read', 'notes:write'], (request, response) => {
    response.json(notes.get(request.oauth.userId ?? '') ?? [])
  }),
)

app.post('/notes', requireOAuth('notes:write'), (request, response) => {
  const { text } = (request.body ?? {}) as { text?: unknown }
  if (typeof text !== 'string') return void response.status(400).json({ error: 'text is missing' })
  const userId = request.oauth?.userId ?? ''
  notes.set(userId, [...(notes.get(userId) ?? []), text])
  response.status(201).json({ added: text })
})

const server = app.listen(port, '127.0.0.1', () => console.log(`listening on ${issuer}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close())
