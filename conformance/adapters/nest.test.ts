import 'reflect-metadata'
import { All, Body, Controller, Get, HttpCode, Module, Post, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { mount, OAuthModule, OptionalOAuth, protector, RequireOAuth, Token, type TokenInfo } from 'cardea/nest'
import { onMethod, onParameter } from './decorated.ts'
import { inProcess } from './in-process.ts'
import { atRoot, everySetup, type Host, type HostOptions } from './setup.ts'
import { adapterSuite } from './suite.ts'

/** A controller that is protected as a whole. */
class Protected {
  read(token: TokenInfo): TokenInfo {
    return token
  }

  echo(body: unknown): unknown {
    return body
  }
}
Controller()(Protected)
RequireOAuth('read')(Protected)
onMethod(Protected, 'read', All('read'))
onParameter(Protected, 'read', 0, Token())
onMethod(Protected, 'echo', Post('echo'), HttpCode(200))
onParameter(Protected, 'echo', 0, Body())

/** A controller that is protected method by method, one of them without the module. */
function mixedController({ provider, options }: HostOptions) {
  const { requireOAuth } = protector(provider, options)
  class Mixed {
    write(token: TokenInfo): TokenInfo {
      return token
    }

    failing(): void {
      throw new Error('the database of the host is away')
    }

    known(token: TokenInfo | undefined): object {
      return { caller: token?.clientId ?? null }
    }

    open(): string {
      return 'the host'
    }
  }
  Controller()(Mixed)
  onMethod(Mixed, 'write', Get('write'), UseGuards(requireOAuth('write')))
  onParameter(Mixed, 'write', 0, Token())
  onMethod(Mixed, 'failing', Get('failing'), RequireOAuth())
  onMethod(Mixed, 'known', Get('open'), OptionalOAuth('read'))
  onParameter(Mixed, 'known', 0, Token())
  onMethod(Mixed, 'open', Get('host'))
  return Mixed
}

/** Mounted before bodies are parsed, in `main.ts`, or by the module, which comes behind Nest's own parsers. */
function appModule(given: HostOptions, byModule: boolean) {
  class App {}
  const theProvider = { provide: 'the provider', useValue: given.provider }
  const oauth = OAuthModule.forRootAsync({
    ...given.options,
    mount: byModule,
    inject: ['the provider'],
    imports: [{ module: class Providers {}, providers: [theProvider], exports: ['the provider'] }],
    useFactory: (provider: HostOptions['provider']) => provider,
  })
  Module({ imports: [oauth], controllers: [Protected, mixedController(given)] })(App)
  return App
}

async function onExpress(given: HostOptions): Promise<Host> {
  const { provider, options, parsers, prefix } = given
  const byModule = parsers !== 'none'
  const app = await NestFactory.create<NestExpressApplication>(appModule(given, byModule), {
    logger: false,
    rawBody: parsers === 'raw',
  })
  // Believed by Express, and by nothing of ours.
  app.set('trust proxy', true)
  if (prefix !== '') app.use(prefix, mount(provider, options))
  if (!byModule) app.use(mount(provider, options))
  await app.init()
  return { listener: app.getHttpAdapter().getInstance(), close: () => app.close() }
}

async function onFastify(given: HostOptions): Promise<Host> {
  const app = await NestFactory.create<NestFastifyApplication>(
    appModule(given, true),
    new FastifyAdapter({ trustProxy: true }),
    { logger: false },
  )
  await app.init()
  const instance = app.getHttpAdapter().getInstance()
  await instance.ready()
  return { listener: (request, response) => instance.routing(request, response), close: () => app.close() }
}

adapterSuite(
  inProcess('NestJS on Express', onExpress, {
    setups: everySetup,
    // Its own parsers are in front of every route.
    takesForms: ({ parsers }) => parsers === 'raw',
  }),
)
adapterSuite(inProcess('NestJS on Fastify', onFastify, { setups: [atRoot('parsed')] }))
