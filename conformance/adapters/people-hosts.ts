import 'reflect-metadata'
import type { RequestListener } from 'node:http'
import type { TestContext } from 'node:test'
import { Controller, Get, Module, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { Protects, TokenInfo } from 'cardea'
import * as onExpress from 'cardea/express'
import * as onFastify from 'cardea/fastify'
import * as onFetch from 'cardea/fetch'
import * as onHono from 'cardea/hono'
import * as onKoa from 'cardea/koa'
import * as onNest from 'cardea/nest'
import * as onNext from 'cardea/next'
import * as onNode from 'cardea/node'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { onMethod, onParameter } from './decorated.ts'

/** Users of a host, who are none of Cardea's. */
export interface Person {
  readonly id: string
  readonly shoeSize: number
}

type Accepted = Protects<TokenInfo<Person>>
type Need = Parameters<Accepted['protect']>[0]

/** What the handlers of every framework answer; that it compiles with their tokens is half of the test. */
const size = async (oauth: TokenInfo<Person>): Promise<{ size: number | undefined }> => ({
  size: (await oauth.user)?.shoeSize,
})

async function fastify(accepted: Accepted, need: Need): Promise<RequestListener> {
  const app = Fastify()
  app.get('/', { handler: onFastify.protector(accepted).requireOAuth(need, ({ oauth }) => size(oauth)) })
  await app.ready()
  return app.routing
}

async function nest(accepted: Accepted, need: Need, t: TestContext): Promise<RequestListener> {
  class Sizes {
    size(token: TokenInfo<Person>) {
      return size(token)
    }
  }
  Controller()(Sizes)
  onMethod(Sizes, 'size', Get(), UseGuards(onNest.protector(accepted).requireOAuth(need)))
  onParameter(Sizes, 'size', 0, onNest.Token())
  class App {}
  Module({ controllers: [Sizes] })(App)
  const app = await NestFactory.create(App, { logger: false })
  await app.init()
  t.after(() => app.close())
  return app.getHttpAdapter().getInstance()
}

/** Hosts of every framework around node:http, with one route, which is protected and answers with the size of the user's shoes. */
export const messageHosts = (
  accepted: Accepted,
  need: Need,
): Readonly<Record<string, (t: TestContext) => RequestListener | Promise<RequestListener>>> => ({
  'node:http': () =>
    onNode.nodeProtector(accepted).requireOAuth(need, async (_message, response, oauth) => {
      response.end(JSON.stringify(await size(oauth)))
    }),
  Express: () =>
    express().get(
      '/',
      onExpress.protector(accepted).requireOAuth(need, async ({ oauth }, response) => response.json(await size(oauth))),
    ),
  Fastify: () => fastify(accepted, need),
  Koa: () =>
    new Koa()
      .use(
        onKoa.protector(accepted).requireOAuth(need, async (ctx) => {
          ctx.body = await size(ctx.state.oauth)
        }),
      )
      .callback(),
  NestJS: (t) => nest(accepted, need, t),
})

/** The same around Web Requests. */
export const requestHosts = (
  accepted: Accepted,
  need: Need,
): Readonly<Record<string, (request: Request) => Response | Promise<Response>>> => ({
  fetch: onFetch
    .fetchProtector(accepted)
    .requireOAuth(need, async (_request, oauth) => Response.json(await size(oauth))),
  Hono: new Hono().get(
    '/',
    onHono.protector(accepted).requireOAuth(need, async (c) => Response.json(await size(c.get('oauth')))),
  ).fetch,
  'Next.js': (request) =>
    onNext.protector(accepted).requireOAuth(need, async (_request, { oauth }) => Response.json(await size(oauth)))(
      request,
      {},
    ),
})
