import 'reflect-metadata'
import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { type TestContext, test } from 'node:test'
import { Controller, Get, Module, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { resourceProtector, type TokenInfo } from 'cardea'
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
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import Koa from 'koa'
import { listen } from '../servers/listen.ts'
import { onMethod, onParameter } from './decorated.ts'

const issuer = 'https://issuer.example'
const audience = 'https://api.example'
const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] }

/** As another author's authorization server signs it (RFC 9068 §2). */
const tokenOf = (groups: readonly string[]): Promise<string> =>
  new SignJWT({ client_id: 'app', scope: 'read', groups })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('u1')
    .setJti('j1')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)

interface Person {
  readonly id: string
  readonly shoeSize: number
}

const accepted = resourceProtector<Person>({
  jwt: { issuer, audience, jwks },
  users: (id) => ({ id, shoeSize: 42 }),
})
const need = { scope: 'read', groups: ['staff', 'board'] }

/** What the handlers of every framework answer; that it compiles with their tokens is half of the test. */
const size = async (oauth: TokenInfo<Person>): Promise<{ size: number | undefined }> => ({
  size: (await oauth.user)?.shoeSize,
})

async function fastify(): Promise<RequestListener> {
  const app = Fastify()
  app.get('/', { handler: onFastify.protector(accepted).requireOAuth(need, ({ oauth }) => size(oauth)) })
  await app.ready()
  return app.routing
}

async function nest(t: TestContext): Promise<RequestListener> {
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

const onMessages: Readonly<Record<string, (t: TestContext) => RequestListener | Promise<RequestListener>>> = {
  'node:http': () =>
    onNode.nodeProtector(accepted).requireOAuth(need, async (_message, response, oauth) => {
      response.end(JSON.stringify(await size(oauth)))
    }),
  Express: () =>
    express().get(
      '/',
      onExpress.protector(accepted).requireOAuth(need, async ({ oauth }, response) => response.json(await size(oauth))),
    ),
  Fastify: fastify,
  Koa: () =>
    new Koa()
      .use(
        onKoa.protector(accepted).requireOAuth(need, async (ctx) => {
          ctx.body = await size(ctx.state.oauth)
        }),
      )
      .callback(),
  NestJS: nest,
}

const onRequests: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
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
}

async function tryAll(ask: (headers: Record<string, string>) => Promise<Response>): Promise<void> {
  const bearer = async (...groups: string[]) => ({ authorization: `Bearer ${await tokenOf(groups)}` })
  const answer = await ask(await bearer('staff'))
  assert.equal(answer.status, 200)
  assert.deepEqual(await answer.json(), { size: 42 })
  assert.equal((await ask(await bearer('others'))).status, 403)
  assert.equal((await ask({ authorization: 'Bearer x' })).status, 401)
  const nothing = await ask({})
  assert.equal(nothing.status, 401)
  assert.equal(nothing.headers.get('www-authenticate'), `Bearer realm="${issuer}"`)
}

for (const [name, listenerFor] of Object.entries(onMessages)) {
  test(`A2-RP-11, A2-JWTAT-07: ${name}: tokens of another issuer protect a route, with the users of the host`, async (t) => {
    const listener = await listenerFor(t)
    const listening = await listen(async () => listener)
    t.after(() => listening.close())
    await tryAll((headers) => fetch(`http://127.0.0.1:${listening.port}/`, { headers }))
  })
}

for (const [name, handler] of Object.entries(onRequests)) {
  test(`A2-RP-11, A2-JWTAT-07: ${name}: tokens of another issuer protect a route, with the users of the host`, async () => {
    await tryAll(async (headers) => handler(new Request('https://api.example/', { headers })))
  })
}
