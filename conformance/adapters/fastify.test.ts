import formBody from '@fastify/formbody'
import { mount, protector } from 'cardea/fastify'
import Fastify, { type FastifyInstance } from 'fastify'
import { inProcess } from './in-process.ts'
import { everySetup, type Host, type HostOptions, type Parsers } from './setup.ts'
import { adapterSuite } from './suite.ts'

async function parseForms(app: FastifyInstance, parsers: Parsers): Promise<void> {
  if (parsers === 'parsed') await app.register(formBody)
  if (parsers !== 'raw') return
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
}

async function host({ provider, options, parsers, prefix }: HostOptions): Promise<Host> {
  const { requireOAuth, optionalOAuth } = protector(provider, options)
  // Believed by Fastify, and by nothing of ours.
  const app = Fastify({ trustProxy: true })
  await app.register(mount(provider, options), prefix === '' ? {} : { prefix })
  await parseForms(app, parsers)
  app.get('/host', async () => 'the host')
  app.all('/read', { handler: requireOAuth('read', async (request) => request.oauth) })
  app.all('/write', { preHandler: requireOAuth('write') }, async () => 'written')
  app.get('/open', { handler: optionalOAuth('read', async ({ oauth }) => ({ caller: oauth?.clientId ?? null })) })
  app.post('/echo', { preHandler: requireOAuth('read') }, async (request) => request.body)
  const away = requireOAuth(undefined, async () => {
    throw new Error('the database of the host is away')
  })
  app.get('/failing', away)
  await app.ready()
  return { listener: (request, response) => app.routing(request, response), close: () => app.close() }
}

adapterSuite(inProcess('Fastify', host, { setups: everySetup, takesForms: ({ parsers }) => parsers !== 'none' }))
