import { serve } from '@hono/node-server'
import { createProvider } from 'cardea'
import { mount, type OAuthVariables, protector } from 'cardea/hono'
import { Hono } from 'hono'
import { seededStore } from '../seeded-store.ts'

const port = Number(process.env.PORT ?? 3000)
const issuer = process.env.ISSUER ?? `http://127.0.0.1:${port}`
// Keep the secret outside the code. A new one at every start only makes open pages and the refresh window forget.
const secret = process.env.SECRET ?? crypto.randomUUID()

const provider = createProvider({ issuer, store: await seededStore(), secrets: [secret], title: 'Notes' })
const { requireOAuth } = protector(provider)

const notes = new Map<string, string[]>()
const app = new Hono<{ Variables: OAuthVariables }>()
app.use(mount(provider))

// Either scope lets a reader in; only one lets a writer in.
app.get('/notes', requireOAuth(['notes:read', 'notes:write']), (c) =>
  c.json(notes.get(c.get('oauth').userId ?? '') ?? []),
)

app.post('/notes', requireOAuth('notes:write'), async (c) => {
  const { text } = await c.req.json<{ text: unknown }>()
  if (typeof text !== 'string') return c.json({ error: 'text is missing' }, 400)
  const { userId = '' } = c.get('oauth')
  notes.set(userId, [...(notes.get(userId) ?? []), text])
  return c.json({ added: text }, 201)
})

const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => console.log(`listening on ${issuer}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close())
