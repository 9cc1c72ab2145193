import { createProvider } from 'cardea'
import { mount, protector } from 'cardea/koa'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import { seededStore } from '../seeded-store.ts'

const port = Number(process.env.PORT ?? 3000)
const issuer = process.env.ISSUER ?? `http://127.0.0.1:${port}`
// Keep the secret outside the code. A new one at every start only makes open pages and the refresh window forget.
const secret = process.env.SECRET ?? crypto.randomUUID()

const provider = createProvider({ issuer, store: await seededStore(), secrets: [secret], title: 'Notes' })
const { requireOAuth } = protector(provider)

const notes = new Map<string, string[]>()

// Either scope lets a reader in; only one lets a writer in.
const list = requireOAuth(['notes:read', 'notes:write'], (ctx: Koa.Context) => {
  ctx.body = notes.get(ctx.state.oauth.userId ?? '') ?? []
})

const add = requireOAuth('notes:write', (ctx: Koa.Context) => {
  const { text } = ctx.request.body as { text?: unknown }
  if (typeof text !== 'string') return ctx.throw(400, 'text is missing')
  const { userId = '' } = ctx.state.oauth
  notes.set(userId, [...(notes.get(userId) ?? []), text])
  ctx.status = 201
  ctx.body = { added: text }
})

const app = new Koa()
app.use(mount(provider))
// What cannot be read is the caller's mistake, and no failure of this server.
app.use(
  bodyParser({ onerror: (error, ctx) => ctx.throw((error as { status?: number }).status ?? 400, 'unreadable body') }),
)
app.use((ctx, next) => {
  if (ctx.path !== '/notes') return next()
  return ctx.method === 'POST' ? add(ctx, next) : list(ctx, next)
})

const server = app.listen(port, '127.0.0.1', () => console.log(`listening on ${issuer}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close())
