import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { type TestContext, test } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import * as onExpress from 'cardea/express'
import * as onFastify from 'cardea/fastify'
import * as onHono from 'cardea/hono'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { startInProcess } from './in-process.ts'
import { send, signed, tokenFor } from './oauth1-client.ts'
import { atRoot, type Host, type HostOptions } from './setup.ts'

/** Posts a signed form to `/form` of a host; returns status and body. */
async function answerTo(t: TestContext, form: string, hostFor: (options: HostOptions) => Host | Promise<Host>) {
  const server = await startInProcess(atRoot('none'), hostFor)
  t.after(() => server.stop())
  const credentials = await tokenFor(server)
  const { status, body } = await send(server, signed(server, `${server.origin}/form`, { credentials, body: form }))
  return [status, body]
}

const expressHost =
  (...before: express.RequestHandler[]) =>
  ({ provider }: HostOptions): Host => {
    const app = express().use(onExpress.mount(provider), ...before)
    const { requireOAuth } = onExpress.protector(provider)
    app.post(
      '/form',
      requireOAuth(undefined, (request, response) => {
        const { body, rawBody } = request as { body?: unknown; rawBody?: string }
        response.json(body ?? rawBody ?? null)
      }),
    )
    return { listener: app }
  }

test('RFC 5849 §3.4.1.3.1: Express: a signed form that nobody parsed is left to the handler as the raw body', async (t) => {
  assert.deepEqual(await answerTo(t, 'b=2&a=%7e', expressHost()), [200, '"b=2&a=%7e"'])
})

test('RFC 5849 §3.4.1.3.1: Express: behind a parser no signed form is let in, unless the raw body is kept', async (t) => {
  const form = 'a%5B%5D=1&a%5B%5D=2'
  const [status] = await answerTo(t, form, expressHost(express.urlencoded({ extended: true })))
  assert.equal(status, 400)
  const keep = (request: IncomingMessage, _response: unknown, bytes: Buffer): void => {
    Object.assign(request, { rawBody: bytes })
  }
  const kept = await answerTo(t, form, expressHost(express.urlencoded({ extended: true, verify: keep })))
  assert.deepEqual(kept, [200, '{"a":["1","2"]}'])
})

test('RFC 5849 §3.4.1.3.1: Hono: a form that was read for its signature is read again by the handler', async (t) => {
  const host = ({ provider }: HostOptions): Host => {
    const app = new Hono().use(onHono.mount(provider))
    const { requireOAuth } = onHono.protector(provider)
    app.post('/form', requireOAuth(undefined), async (c) => c.json(await c.req.parseBody()))
    return { listener: getRequestListener(app.fetch) }
  }
  assert.deepEqual(await answerTo(t, 'b=2&a=%7e', host), [200, '{"b":"2","a":"~"}'])
})

test('adapter: Fastify: a guard that comes before the parser answers a signed form, and does not wait', async (t) => {
  const host = async ({ provider }: HostOptions): Promise<Host> => {
    const app = Fastify()
    await app.register(onFastify.mount(provider))
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async () => '')
    app.post('/form', { onRequest: onFastify.protector(provider).requireOAuth(undefined) }, async () => 'in')
    await app.ready()
    return { listener: (request, response) => app.routing(request, response), close: () => app.close() }
  }
  assert.equal((await answerTo(t, 'a=1', host))[0], 500)
})
