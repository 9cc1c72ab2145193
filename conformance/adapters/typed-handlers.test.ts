import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as onExpress from 'cardea/express'
import * as onFastify from 'cardea/fastify'
import * as onHono from 'cardea/hono'
import * as onKoa from 'cardea/koa'
import * as onNext from 'cardea/next'
import { startTestServer } from 'cardea/testing'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import type { NextRequest } from 'next/server.js'

// The rule is one of types: that this file compiles, where every mark expects its error, is the larger part of it.
const { provider } = await startTestServer()

test('A2-RP: Express: a handler knows its types, and a need without a scope throws at once', () => {
  const { requireOAuth } = onExpress.protector(provider)
  const around = requireOAuth('read', (request, response) => response.json(request.oauth.scope.length))
  const annotated = requireOAuth('read', (request: express.Request & onExpress.Protected) => request.ip)
  const alone: express.RequestHandler = (request, response) => void response.json(request.oauth?.clientId)
  express().get('/a', around, annotated, requireOAuth('read'), alone)
  // @ts-expect-error a token has no such member
  requireOAuth('read', ({ oauth }) => oauth.shoeSize)
  assert.throws(() => requireOAuth(''), TypeError)
})

test('A2-RP: Fastify: a handler knows its types, and a need without a scope throws at once', () => {
  const { requireOAuth } = onFastify.protector(provider)
  Fastify()
    .get('/a', { handler: requireOAuth('read', async ({ oauth, query }) => [oauth.clientId, query]) })
    .get('/b', { preHandler: requireOAuth('read') }, async () => '')
  // @ts-expect-error a token has no such member
  requireOAuth('read', ({ oauth }) => oauth.shoeSize)
  assert.throws(() => requireOAuth(''), TypeError)
})

test('A2-RP: Hono: a handler knows its types, and a need without a scope throws at once', () => {
  const { requireOAuth } = onHono.protector(provider)
  const app = new Hono<{ Variables: onHono.OAuthVariables }>()
  app.get('/a', requireOAuth('read'), (c) => c.text(c.get('oauth').clientId))
  // @ts-expect-error a token has no such member
  app.get('/b', requireOAuth('read'), (c) => c.text(c.get('oauth').shoeSize))
  assert.throws(() => requireOAuth(''), TypeError)
})

test('A2-RP: Koa: a handler knows its types, and a need without a scope throws at once', () => {
  const { requireOAuth } = onKoa.protector(provider)
  new Koa()
    .use(requireOAuth('read', (ctx) => ctx.state.oauth.clientId))
    .use(requireOAuth('read', (ctx: Koa.Context, next) => ctx.ip + String(next)))
  // @ts-expect-error a token has no such member
  requireOAuth('read', (ctx) => ctx.state.oauth.shoeSize)
  assert.throws(() => requireOAuth(''), TypeError)
})

test('A2-RP: Next.js: a handler knows its types, and a need without a scope throws at once', () => {
  const { requireOAuth } = onNext.protector(provider)
  type Given = { readonly params: Promise<{ id: string }> } & onNext.Protected
  requireOAuth('read', async (request: NextRequest, { params, oauth }: Given) =>
    Response.json([request.nextUrl.pathname, (await params).id, oauth.clientId]),
  )
  // @ts-expect-error a token has no such member
  requireOAuth('read', (_request, { oauth }) => Response.json(oauth.shoeSize))
  assert.throws(() => requireOAuth([], () => new Response()), TypeError)
})
