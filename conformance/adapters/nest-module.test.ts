import 'reflect-metadata'
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Catch, Controller, Get, HttpException, Inject, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AuthorizationServer, type Provider } from 'cardea'
import {
  OAuthModule,
  OptionalOAuth,
  oauthProvider,
  RequireOAuth,
  type Served,
  Token,
  type TokenInfo,
} from 'cardea/nest'
import { memoryStore } from 'cardea/stores/memory'
import { bearer, machineToken } from './client.ts'
import { onMethod, onParameter } from './decorated.ts'
import { startInProcess } from './in-process.ts'
import { atRoot, type Started } from './setup.ts'

interface AppParts {
  readonly controller: new (...given: never[]) => object
  readonly prepare?: (app: NestExpressApplication) => void
}

async function appOf({ provider }: { readonly provider: Served }, { controller, prepare }: AppParts) {
  class App {}
  Module({ imports: [OAuthModule.forRoot(provider)], controllers: [controller] })(App)
  const app = await NestFactory.create<NestExpressApplication>(App, { logger: false, abortOnError: false })
  prepare?.(app)
  return app.init() as Promise<NestExpressApplication>
}

async function start(t: TestContext, parts: AppParts): Promise<Started> {
  const server = await startInProcess(atRoot('parsed'), async (options) => {
    const app = await appOf(options, parts)
    return { listener: app.getHttpAdapter().getInstance(), close: () => app.close() }
  })
  t.after(() => server.stop())
  return server
}

test('adapter: NestJS: exception filters of the host see a refusal, and its challenge stands', async (t) => {
  class Guarded {
    read(): string {
      return 'in'
    }
  }
  Controller()(Guarded)
  onMethod(Guarded, 'read', Get('read'), RequireOAuth('read'))
  class Filter {
    catch(
      error: HttpException,
      host: { getArgByIndex(index: number): { status(code: number): { json(body: object): void } } },
    ) {
      host.getArgByIndex(1).status(error.getStatus()).json({ filtered: error.getResponse() })
    }
  }
  Catch(HttpException)(Filter)
  const server = await start(t, { controller: Guarded, prepare: (app) => void app.useGlobalFilters(new Filter()) })
  const answer = await fetch(`${server.origin}/read`, { headers: bearer('unknown') })
  assert.equal(answer.status, 401)
  assert.match(answer.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
  const { filtered } = (await answer.json()) as { filtered: { error: string } }
  assert.equal(filtered.error, 'invalid_token')
})

test('RFC 8414 §3.1: NestJS: a global prefix moves the routes of the host, and no endpoint', async (t) => {
  class Open {
    answer(): string {
      return 'the host'
    }
  }
  Controller()(Open)
  onMethod(Open, 'answer', Get('host'))
  const server = await start(t, { controller: Open, prepare: (app) => void app.setGlobalPrefix('api') })
  assert.equal(await (await fetch(`${server.origin}/api/host`)).text(), 'the host')
  const metadata = await fetch(`${server.origin}/.well-known/oauth-authorization-server`)
  assert.equal(((await metadata.json()) as { issuer: string }).issuer, server.issuer)
  assert.match(await machineToken(server), /./)
})

test('adapter: NestJS: the provider can be injected, and a token only where one was asked for', async (t) => {
  class Injected {
    readonly #provider: Provider

    constructor(provider: Provider) {
      this.#provider = provider
    }

    issuer(): string {
      return this.#provider.issuer
    }

    token(token: TokenInfo): string {
      return token.clientId
    }
  }
  Controller()(Injected)
  Inject(oauthProvider)(Injected, undefined, 0)
  onMethod(Injected, 'issuer', Get('issuer'))
  onMethod(Injected, 'token', Get('me'))
  onParameter(Injected, 'token', 0, Token())
  const server = await start(t, { controller: Injected })
  assert.equal(await (await fetch(`${server.origin}/issuer`)).text(), server.issuer)
  const headers = bearer(await machineToken(server))
  assert.equal((await fetch(`${server.origin}/me`, { headers })).status, 500)
})

test('adapter: NestJS: a need that names no scope stops the app when it starts', async (t) => {
  class Unsound {
    read(): string {
      return 'in'
    }
  }
  Controller()(Unsound)
  onMethod(Unsound, 'read', Get('read'), RequireOAuth(''))
  await assert.rejects(start(t, { controller: Unsound }), TypeError)
})

test('RFC 6749 §3.3: NestJS: a scope that the server does not have stops the app when it starts', async (t) => {
  const server = new AuthorizationServer({
    issuer: 'https://auth.example',
    secrets: ['a secret of servers in these tests, long enough'],
    store: memoryStore(),
    scopes: { read: 'Read', write: 'Write' },
    users: { find: () => undefined },
  })
  const startWith = async (...decorators: ReturnType<typeof RequireOAuth>[]) => {
    class Guarded {
      read(): string {
        return 'in'
      }
    }
    Controller()(Guarded)
    onMethod(Guarded, 'read', Get('read'), ...decorators)
    const app = await appOf({ provider: server }, { controller: Guarded })
    t.after(() => app.close())
  }
  await startWith(RequireOAuth('read write'), OptionalOAuth(['read', 'write']), RequireOAuth({ scope: 'read' }))
  const misspelled = [RequireOAuth('raed'), OptionalOAuth(['read', 'read writ']), RequireOAuth({ scope: 'wirte' })]
  for (const decorator of misspelled)
    await assert.rejects(startWith(decorator), {
      name: 'TypeError',
      message: /there is no scope .*valid are read, write/,
    })
})
