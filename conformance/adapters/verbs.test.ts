import 'reflect-metadata'
import formBody from '@fastify/formbody'
import { getRequestListener } from '@hono/node-server'
import { All, Controller, Get, Module, Req, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import * as onExpress from 'cardea/express'
import * as onFastify from 'cardea/fastify'
import * as onFetch from 'cardea/fetch'
import * as onHono from 'cardea/hono'
import * as onKoa from 'cardea/koa'
import * as onNest from 'cardea/nest'
import * as onNext from 'cardea/next'
import * as onNode from 'cardea/node'
import express from 'express'
import express4 from 'express4'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import { NextRequest } from 'next/server.js'
import { onMethod, onParameter } from './decorated.ts'
import type { Parsers, Verbs, VerbsHost } from './verbs-host.ts'
import { verbsSuite } from './verbs-suite.ts'

const page = 'a page of the host'
const both: readonly Parsers[] = ['none', 'parsed']
const quietly: express.ErrorRequestHandler = (_error, _request, response, _next) => void response.status(500).end()

const express45 =
  (framework: typeof express) =>
  ({ authorize, token, failing }: Verbs, parsers: Parsers): VerbsHost => {
    const app = framework()
    if (parsers === 'parsed') app.use(framework.json(), framework.urlencoded({ extended: true, limit: '1mb' }))
    app.all('/own/authorize', onExpress.oauth(authorize))
    app.all('/own/token', onExpress.oauth(token))
    app.all('/own/failing', onExpress.oauth(failing))
    app.get(
      '/own/page',
      onExpress.oauth((_request, _req, res) => res.send(page)),
    )
    return { listener: app.use(quietly) }
  }

verbsSuite('Express 5', express45(express), both)
verbsSuite('Express 4', express45(express4), both)

verbsSuite(
  'Fastify',
  async ({ authorize, token, failing }) => {
    const app = Fastify({ bodyLimit: 1_000_000 })
    await app.register(formBody, { bodyLimit: 1_000_000 })
    app.setErrorHandler((_error, _request, reply) => reply.code(500).send())
    app.all('/own/authorize', onFastify.oauth(authorize))
    app.all('/own/token', onFastify.oauth(token))
    app.all('/own/failing', onFastify.oauth(failing))
    app.get(
      '/own/page',
      onFastify.oauth(async () => page),
    )
    await app.ready()
    return { listener: (request, response) => app.routing(request, response), close: () => app.close() }
  },
  ['parsed'],
)

verbsSuite(
  'Koa',
  ({ authorize, token, failing }, parsers) => {
    const app = new Koa()
    app.silent = true
    if (parsers === 'parsed') app.use(bodyParser({ formLimit: '1mb' }))
    const routes: Record<string, Koa.Middleware> = {
      '/own/authorize': onKoa.oauth<Koa.Context>(authorize),
      '/own/token': onKoa.oauth<Koa.Context>(token),
      '/own/failing': onKoa.oauth<Koa.Context>(failing),
      '/own/page': onKoa.oauth((_request, ctx: Koa.Context) => {
        ctx.body = page
      }),
    }
    app.use((ctx, next) => routes[ctx.path]?.(ctx, next))
    return { listener: app.callback() }
  },
  both,
)

verbsSuite(
  'Hono',
  ({ authorize, token, failing }, parsers) => {
    const app = new Hono()
    if (parsers === 'parsed') {
      app.use(async (c, next) => {
        if (c.req.method === 'POST') await c.req.parseBody()
        await next()
      })
    }
    app.onError((_error, c) => c.body(null, 500))
    app.all('/own/authorize', onHono.oauth(authorize))
    app.all('/own/token', onHono.oauth(token))
    app.all('/own/failing', onHono.oauth(failing))
    app.get(
      '/own/page',
      onHono.oauth((_request, c: onHono.Context & { text(text: string): Response }) => c.text(page)),
    )
    return { listener: getRequestListener(app.fetch) }
  },
  both,
)

function byFetch(handlers: Readonly<Record<string, (request: Request) => Promise<Response>>>): VerbsHost {
  const answer = async (request: Request): Promise<Response> => {
    try {
      return (await handlers[new URL(request.url).pathname]?.(request)) ?? new Response(null, { status: 404 })
    } catch {
      return new Response(null, { status: 500 })
    }
  }
  return { listener: getRequestListener(answer) }
}

verbsSuite(
  'fetch',
  ({ authorize, token, failing }) =>
    byFetch({
      '/own/authorize': onFetch.oauth(authorize),
      '/own/token': onFetch.oauth(token),
      '/own/failing': onFetch.oauth(failing),
      '/own/page': onFetch.oauth(() => new Response(page)),
    }),
  ['none'],
)

verbsSuite(
  'Next.js',
  ({ authorize, token, failing }) => {
    const route =
      (handler: (request: NextRequest, given: object) => Promise<Response>) =>
      ({ method, headers, body, url }: Request): Promise<Response> =>
        handler(new NextRequest(url, { method, headers, ...(body !== null && { body, duplex: 'half' as const }) }), {
          params: Promise.resolve({}),
        })
    return byFetch({
      '/own/authorize': route(onNext.oauth(authorize)),
      '/own/token': route(onNext.oauth(token)),
      '/own/failing': route(onNext.oauth(failing)),
      '/own/page': route(onNext.oauth(() => new Response(page))),
    })
  },
  ['none'],
)

verbsSuite(
  'node:http',
  ({ authorize, token, failing }) => {
    const routes: Record<string, onNode.NodeListener> = {
      '/own/authorize': onNode.oauth(authorize),
      '/own/token': onNode.oauth(token),
      '/own/failing': onNode.oauth(failing, { failed: () => undefined }),
      '/own/page': onNode.oauth((_request, _message, response) => void response.end(page)),
    }
    return {
      listener(request, response) {
        const route = routes[request.url?.split('?')[0] ?? '']
        if (route === undefined) response.writeHead(404).end()
        else route(request, response)
      },
    }
  },
  ['none'],
)

function nestModule({ authorize, token, failing }: Verbs) {
  const routes = { authorize: onNest.oauth(authorize), token: onNest.oauth(token), failing: onNest.oauth(failing) }
  class Own {
    authorize(request: onNest.PlatformRequest, response: onNest.PlatformResponse): Promise<void> {
      return routes.authorize(request, response)
    }

    token(request: onNest.PlatformRequest, response: onNest.PlatformResponse): Promise<void> {
      return routes.token(request, response)
    }

    failing(request: onNest.PlatformRequest, response: onNest.PlatformResponse): Promise<void> {
      return routes.failing(request, response)
    }

    page(): string {
      return page
    }
  }
  Controller('own')(Own)
  for (const name of ['authorize', 'token', 'failing'] as const) {
    onMethod(Own, name, All(name))
    onParameter(Own, name, 0, Req())
    onParameter(Own, name, 1, Res())
  }
  onMethod(Own, 'page', Get('page'))
  class App {}
  Module({ controllers: [Own] })(App)
  return App
}

verbsSuite(
  'NestJS on Express',
  async (verbs) => {
    const app = await NestFactory.create<NestExpressApplication>(nestModule(verbs), { logger: false })
    app.useBodyParser('urlencoded', { limit: '1mb', extended: true })
    await app.init()
    return { listener: app.getHttpAdapter().getInstance(), close: () => app.close() }
  },
  ['parsed'],
)

verbsSuite(
  'NestJS on Fastify',
  async (verbs) => {
    const adapter = new FastifyAdapter({ bodyLimit: 1_000_000 })
    const app = await NestFactory.create<NestFastifyApplication>(nestModule(verbs), adapter, { logger: false })
    await app.init()
    const instance = app.getHttpAdapter().getInstance()
    await instance.ready()
    return { listener: (request, response) => instance.routing(request, response), close: () => app.close() }
  },
  ['parsed'],
)
