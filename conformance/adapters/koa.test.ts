import { mount, protector } from 'cardea/koa'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import { inProcess } from './in-process.ts'
import { everySetup, type Host, type HostOptions } from './setup.ts'
import { adapterSuite } from './suite.ts'

function host({ provider, options, parsers, prefix }: HostOptions): Host {
  const { requireOAuth, optionalOAuth } = protector(provider, options)
  const app = new Koa()
  // Believed by Koa, and by nothing of ours.
  app.proxy = true
  app.silent = true
  if (parsers !== 'none') app.use(bodyParser())
  // What koa-mount does around the middleware it mounts.
  app.use(async (ctx, next) => {
    const { url } = ctx
    if (prefix !== '' && url.startsWith(prefix)) ctx.url = url.slice(prefix.length)
    await mount(provider, options)(ctx, async () => {
      ctx.url = url
      await next()
    })
  })
  const routes: Record<string, Koa.Middleware> = {
    '/host': (ctx) => {
      ctx.body = 'the host'
    },
    '/read': requireOAuth('read', (ctx: Koa.Context) => {
      ctx.body = ctx.state.oauth
    }),
    '/write': requireOAuth('write', (ctx: Koa.Context) => {
      ctx.body = ctx.state.oauth
    }),
    '/open': optionalOAuth('read', (ctx: Koa.Context) => {
      ctx.body = { caller: ctx.state.oauth?.clientId ?? null }
    }),
    '/echo': requireOAuth('read', async (ctx: Koa.Context, next) => {
      await bodyParser()(ctx, next)
      ctx.body = ctx.request.body
    }),
    '/failing': requireOAuth(undefined, () => {
      throw new Error('the database of the host is away')
    }),
  }
  app.use((ctx, next) => routes[ctx.path]?.(ctx, next))
  return { listener: app.callback() }
}

// koa-bodyparser always keeps the raw body.
adapterSuite(
  inProcess('Koa', host, { setups: everySetup.filter(({ parsers }) => parsers !== 'raw'), keepsBodies: () => true }),
)
