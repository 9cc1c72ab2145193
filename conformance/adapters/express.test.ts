import type { IncomingMessage } from 'node:http'
import { mount, protector } from 'cardea/express'
import express from 'express'
import express4 from 'express4'
import { inProcess } from './in-process.ts'
import { everySetup, type Host, type HostOptions, type Setup } from './setup.ts'
import { adapterSuite } from './suite.ts'

const keep = (request: IncomingMessage, _response: unknown, bytes: Buffer): void => {
  Object.assign(request, { rawBody: bytes })
}

function parseBodies(app: express.Express, framework: typeof express, { parsers }: Setup): void {
  if (parsers === 'none') return
  const options = parsers === 'raw' ? { verify: keep } : {}
  app.use(framework.json(options), framework.urlencoded({ extended: true, ...options }))
}

const hostOn =
  (framework: typeof express) =>
  ({ provider, options, prefix, ...setup }: HostOptions): Host => {
    const { requireOAuth, optionalOAuth } = protector(provider, options)
    const app = framework()
    // Believed by Express, and by nothing of ours.
    app.set('trust proxy', true)
    app.set('env', 'production')
    parseBodies(app, framework, { prefix, ...setup })
    if (prefix !== '') app.use(prefix, mount(provider, options))
    app.use(mount(provider, options))
    app.get('/host', (_request, response) => void response.send('the host'))
    app.all(
      '/read',
      requireOAuth('read', (request, response) => response.json(request.oauth)),
    )
    app.all(
      '/write',
      requireOAuth('write', (request, response) => response.json(request.oauth)),
    )
    app.get('/open', optionalOAuth('read'), (request, response) => {
      response.json({ caller: request.oauth?.clientId ?? null })
    })
    app.post('/echo', requireOAuth('read'), framework.json(), (request, response) => void response.json(request.body))
    app.get(
      '/failing',
      requireOAuth(undefined, async () => {
        throw new Error('the database of the host is away')
      }),
    )
    const failed: express.ErrorRequestHandler = (error: { status?: number }, _request, response, _next) => {
      response.status(error.status ?? 500).end()
    }
    return { listener: app.use(failed) }
  }

adapterSuite(inProcess('Express 5', hostOn(express), { setups: everySetup }))
adapterSuite(inProcess('Express 4', hostOn(express4), { setups: everySetup }))
