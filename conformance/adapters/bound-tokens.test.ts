import 'reflect-metadata'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { type TestContext, test } from 'node:test'
import { Controller, Get, Module, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { protectedResource, resourceProtector } from 'cardea'
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
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import Koa from 'koa'
import { listen } from '../servers/listen.ts'
import { onMethod } from './decorated.ts'

const issuer = 'https://issuer.example'
/** Where clients see it: a proxy takes `/public` off, and nothing else knows the name. */
const audience = 'https://api.example/public'
const things = `${audience}/api/things`

const issuing = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(issuing.publicKey)), kid: 'k1' }] }
const own = await generateKeyPair('ES256')
const jwk = await exportJWK(own.publicKey)

/** As another author's authorization server binds it (RFC 9449 §6.1). */
const token = await new SignJWT({ client_id: 'app', cnf: { jkt: await calculateJwkThumbprint(jwk) } })
  .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
  .setIssuer(issuer)
  .setAudience(audience)
  .setSubject('u1')
  .setJti('j1')
  .setIssuedAt()
  .setExpirationTime('5m')
  .sign(issuing.privateKey)
const ath = createHash('sha256').update(token).digest('base64url')

const proof = (htu: string, nonce?: string): Promise<string> =>
  new SignJWT({ htm: 'GET', htu, ath, jti: crypto.randomUUID(), ...(nonce !== undefined && { nonce }) })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
    .setIssuedAt()
    .sign(own.privateKey)

const described = protectedResource({ resource: audience, authorizationServers: [issuer], dpop: true })
const metadataPath = new URL(described.metadataUrl).pathname
const accepted = resourceProtector({
  jwt: { issuer, audience, jwks },
  attributes: described.challenge,
  dpop: { origin: audience, nonceSecrets: ['a secret of at least 32 characters'] },
})

async function fastify(): Promise<RequestListener> {
  const app = Fastify()
  await app.register(onFastify.mount(described))
  await app.register(
    async (inner) => {
      inner.get('/things', { handler: onFastify.protector(accepted).requireOAuth(undefined, ({ oauth }) => oauth) })
    },
    { prefix: '/api' },
  )
  await app.ready()
  return app.routing
}

async function nest(t: TestContext): Promise<RequestListener> {
  class Things {
    all() {
      return { scheme: 'DPoP' }
    }
  }
  Controller('/api')(Things)
  onMethod(Things, 'all', Get('things'), UseGuards(onNest.protector(accepted).requireOAuth(undefined)))
  class App {}
  Module({ controllers: [Things] })(App)
  const app = await NestFactory.create(App, { logger: false })
  app.use(onNest.mount(described))
  await app.init()
  t.after(() => app.close())
  return app.getHttpAdapter().getInstance()
}

function koa(): RequestListener {
  const resource = onKoa.protector(accepted).requireOAuth(undefined, async (ctx) => {
    ctx.body = ctx.state.oauth
  })
  return new Koa().use(onKoa.mount(described)).use(resource).callback()
}

const onMessages: Readonly<Record<string, (t: TestContext) => RequestListener | Promise<RequestListener>>> = {
  'node:http': () => {
    const resource = onNode.nodeProtector(accepted).requireOAuth(undefined, (_message, response, oauth) => {
      response.end(JSON.stringify(oauth))
    })
    return onNode.mount(described, { fallback: resource })
  },
  Express: () => {
    const resource = onExpress
      .protector(accepted)
      .requireOAuth(undefined, ({ oauth }, response) => response.json(oauth))
    return express().use(onExpress.mount(described)).use('/api', express.Router().get('/things', resource))
  },
  Fastify: fastify,
  Koa: koa,
  NestJS: nest,
}

const hono = new Hono()
  .use(onHono.mount(described))
  .basePath('/api')
  .get(
    '/things',
    onHono.protector(accepted).requireOAuth(undefined, (c) => Response.json(c.get('oauth'))),
  )
const fetched = onFetch.fetchProtector(accepted).requireOAuth(undefined, (_request, oauth) => Response.json(oauth))
const routed = onNext.protector(accepted).requireOAuth(undefined, async (_request, { oauth }) => Response.json(oauth))
const isMetadata = (request: Request): boolean => described.handles(new URL(request.url).pathname)

const onRequests: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  fetch: (request) => (isMetadata(request) ? onFetch.mount(described)(request) : fetched(request)),
  Hono: hono.fetch,
  'Next.js': (request) => (isMetadata(request) ? onNext.mount(described).GET(request) : routed(request, {})),
}

type Ask = (path: string, headers?: Record<string, string>) => Promise<Response>

async function tryAll(ask: Ask): Promise<void> {
  let nonce: string | undefined
  const bound = async (htu: string) => {
    const sent = await ask('/api/things', { authorization: `DPoP ${token}`, dpop: await proof(htu, nonce) })
    nonce = sent.headers.get('dpop-nonce') ?? undefined
    return sent
  }
  const first = await bound(things)
  assert.deepEqual([first.status, (await first.json()).error], [401, 'use_dpop_nonce'])
  const answer = await bound(`${things}?page=2`)
  assert.deepEqual([answer.status, (await answer.json()).scheme], [200, 'DPoP'])
  assert.equal(typeof nonce, 'string', 'RFC 9449 §8.2: good answers hand out the nonce for the next proof')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal((await bound(things)).status, 200)
  assert.equal((await bound('http://127.0.0.1/api/things')).status, 401)
  assert.equal((await bound(`${audience}/things`)).status, 401)
  const asBearer = await ask('/api/things', { authorization: `Bearer ${token}` })
  assert.equal(asBearer.status, 401)
  assert.match(asBearer.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token".*DPoP .*algs="/)
  const nothing = (await ask('/api/things')).headers.get('www-authenticate') ?? ''
  assert.equal(nothing.includes(`resource_metadata="${described.metadataUrl}"`), true)
  const metadata = await ask(metadataPath)
  assert.deepEqual([metadata.status, (await metadata.json()).resource], [200, audience])
}

const title =
  'RFC 9449 §7.1, §8.2, RFC 9728 §3: a bound token behind a prefix and a proxy, and the metadata of the resource'

for (const [name, listenerFor] of Object.entries(onMessages)) {
  test(`${name}: ${title}`, async (t) => {
    const listener = await listenerFor(t)
    const listening = await listen(async () => listener)
    t.after(() => listening.close())
    await tryAll((path, headers = {}) => fetch(`http://127.0.0.1:${listening.port}${path}`, { headers }))
  })
}

for (const [name, handler] of Object.entries(onRequests)) {
  test(`${name}: ${title}`, async () => {
    await tryAll(async (path, headers = {}) => handler(new Request(`http://inside:8080${path}`, { headers })))
  })
}
