import { getRequestListener } from '@hono/node-server'
import { mount, protector, type RouteHandler } from 'cardea/next'
import { NextRequest, NextResponse } from 'next/server.js'
import { inProcess } from './in-process.ts'
import { atRoot, type Host, type HostOptions, underPrefix } from './setup.ts'
import { adapterSuite } from './suite.ts'

type Route = Partial<Record<string, RouteHandler>>

/** As Next.js makes one of what it receives. */
const nextRequest = ({ method, headers, body, url }: Request): NextRequest =>
  new NextRequest(url, { method, headers, ...(body !== null && { body, duplex: 'half' as const }) })

/** The App Router without its build: it looks a route up, and calls the export named like the method. */
function router(routes: Readonly<Record<string, Route>>, everywhere: Route) {
  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const handler = (routes[pathname] ?? everywhere)[request.method]
    try {
      return (await handler?.(nextRequest(request))) ?? new Response(null, { status: 405 })
    } catch {
      return new Response(null, { status: 500 })
    }
  }
}

function host({ provider, options }: HostOptions): Host {
  const remoteAddress = (request: Request) => {
    const hops = request.headers.get('x-forwarded-for')
    return options.trustProxy !== undefined && hops !== null ? hops : '127.0.0.1'
  }
  const endpoints = mount(provider, { remoteAddress })
  const { requireOAuth, optionalOAuth } = protector(provider)
  const read = requireOAuth('read', (_request, { oauth }) => NextResponse.json(oauth))
  const params = Promise.resolve({})
  const routes = {
    '/read': { GET: (request: Request) => read(request, { params }), POST: (request: Request) => read(request, {}) },
    '/write': {
      GET: (request: Request) => requireOAuth('write', (_, { oauth }) => NextResponse.json(oauth))(request, {}),
    },
    '/open': {
      GET: (request: Request) =>
        optionalOAuth('read', (_, { oauth }) => NextResponse.json({ caller: oauth?.clientId ?? null }))(request, {}),
    },
    '/echo': {
      POST: (request: Request) =>
        requireOAuth('read', async (asked) => NextResponse.json(await asked.json()))(request, {}),
    },
    '/failing': {
      GET: (request: Request) =>
        requireOAuth(undefined, () => {
          throw new Error('the database of the host is away')
        })(request, {}),
    },
    '/host': { GET: async () => new Response('the host') },
  }
  return { listener: getRequestListener(router(routes, endpoints)) }
}

adapterSuite(inProcess('Next.js', host, { setups: [atRoot('none'), underPrefix('none')], seesHosts: false }))
