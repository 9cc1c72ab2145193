import { getRequestListener } from '@hono/node-server'
import { mount, type OAuthVariables, protector } from 'cardea/hono'
import { type Context, Hono, type Next } from 'hono'
import { inProcess } from './in-process.ts'
import { everySetup, type Host, type HostOptions, type Parsers } from './setup.ts'
import { adapterSuite } from './suite.ts'

/** What middleware of a host does that looks into bodies: Hono keeps what it has read. */
const readBodies = (parsers: Parsers) => async (c: Context, next: Next) => {
  const isForm = c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')
  if (parsers === 'parsed' && isForm) await c.req.parseBody({ all: true })
  if (parsers === 'raw') await c.req.text()
  await next()
}

function host({ provider, options, parsers, prefix }: HostOptions): Host {
  const { requireOAuth, optionalOAuth } = protector(provider, options)
  const app = new Hono<{ Variables: OAuthVariables }>()
  app.use(readBodies(parsers))
  const inner = new Hono()
  inner.use(mount(provider, options))
  if (prefix !== '') app.route(prefix, inner)
  app.use(mount(provider, options))
  app.get('/host', (c) => c.text('the host'))
  app.all('/read', requireOAuth('read'), (c) => c.json(c.get('oauth')))
  app.all(
    '/write',
    requireOAuth('write', (c: Context) => c.json(c.get('oauth'))),
  )
  app.get(
    '/open',
    optionalOAuth('read', (c: Context) => c.json({ caller: c.get('oauth')?.clientId ?? null })),
  )
  app.post('/echo', requireOAuth('read'), async (c) => c.json(await c.req.json()))
  app.get('/failing', requireOAuth(undefined), () => {
    throw new Error('the database of the host is away')
  })
  app.onError((_error, c) => c.text('', 500))
  return { listener: getRequestListener(app.fetch) }
}

// Whatever its methods make of a body, Hono keeps the bytes.
adapterSuite(inProcess('Hono', host, { setups: everySetup, keepsBodies: () => true }))
