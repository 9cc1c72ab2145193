import 'reflect-metadata'
import { createServer, type RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { createProvider, hashClientSecret, type Provider, scryptHasher } from 'cardea'
import * as onExpress from 'cardea/express'
import * as onFastify from 'cardea/fastify'
import { fetchHandler } from 'cardea/fetch'
import * as onHono from 'cardea/hono'
import * as onKoa from 'cardea/koa'
import * as onNest from 'cardea/nest'
import { nodeHandler } from 'cardea/node'
import { memoryStore } from 'cardea/stores/memory'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { ACTORS } from '../load/target.ts'

async function fastifyListener(provider: Provider): Promise<RequestListener> {
  const app = Fastify()
  await app.register(onFastify.mount(provider))
  await app.ready()
  return (request, response) => app.routing(request, response)
}

async function nestListener(provider: Provider): Promise<RequestListener> {
  class App {}
  Module({ imports: [onNest.OAuthModule.forRoot(provider, { mount: false })] })(App)
  const app = await NestFactory.create(App, { logger: false })
  app.use(onNest.mount(provider))
  await app.init()
  return app.getHttpAdapter().getInstance() as RequestListener
}

async function express4Listener(provider: Provider): Promise<RequestListener> {
  const { default: express4 } = (await import('express4' as string)) as { default: typeof express }
  return express4().use(onExpress.mount(provider))
}

/** The endpoints behind each adapter, and nothing else. */
const listeners: Readonly<Record<string, (provider: Provider) => RequestListener | Promise<RequestListener>>> = {
  node: (provider) => nodeHandler(provider),
  fetch: (provider) => getRequestListener((request) => fetchHandler(provider)(request)),
  express: (provider) => express().use(onExpress.mount(provider)),
  express4: express4Listener,
  fastify: fastifyListener,
  hono: (provider) => getRequestListener(new Hono().use(onHono.mount(provider)).fetch),
  koa: (provider) => new Koa().use(onKoa.mount(provider)).callback(),
  nest: nestListener,
}

const [port = '0', name = ''] = process.argv.slice(2)
const store = memoryStore()
await store.scopes.save({ name: ACTORS.scope, description: 'Read your data', is_default: true })
await store.clients.save({
  client_id: ACTORS.client.id,
  client_name: 'Benchmark',
  client_secret_hash: await hashClientSecret(scryptHasher, ACTORS.client.secret),
  redirect_uris: [],
  grant_types: ['client_credentials'],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
  application_type: 'web',
  client_id_issued_at: 0,
})
const provider = createProvider({
  issuer: `http://127.0.0.1:${port}`,
  store,
  secrets: ['for measuring only: derives the keys of a throw-away store'],
})
const listener = await listeners[name]?.(provider)
if (listener === undefined) throw new Error(`no adapter '${name}'; there are ${Object.keys(listeners).join(', ')}`)
createServer(listener).listen(Number(port), '127.0.0.1')
