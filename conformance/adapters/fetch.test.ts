import { getRequestListener } from '@hono/node-server'
import { fetchHandler, fetchProtector, type ProtectedFetch } from 'cardea/fetch'
import { inProcess } from './in-process.ts'
import { atRoot, type Host, type HostOptions, underPrefix } from './setup.ts'
import { adapterSuite } from './suite.ts'

function host({ provider, options }: HostOptions): Host {
  const endpoints = fetchHandler(provider)
  const { requireOAuth, optionalOAuth } = fetchProtector(provider)
  const tell: ProtectedFetch = (_request, token) => Response.json(token)
  const routes: Record<string, (request: Request) => Response | Promise<Response>> = {
    '/read': requireOAuth('read', tell),
    '/write': requireOAuth('write', tell),
    '/open': optionalOAuth('read', (_request, token) => Response.json({ caller: token?.clientId ?? null })),
    '/echo': requireOAuth('read', async (request) => Response.json(await request.json())),
    '/failing': requireOAuth(undefined, () => {
      throw new Error('the database of the host is away')
    }),
    '/host': () => new Response('the host'),
  }
  const answer = (request: Request): Response | Promise<Response> => {
    const { pathname } = new URL(request.url)
    const hops = options.trustProxy === undefined ? null : request.headers.get('x-forwarded-for')
    return routes[pathname]?.(request) ?? endpoints(request, { remoteAddress: hops ?? '127.0.0.1' })
  }
  return { listener: getRequestListener(answer, { errorHandler: () => new Response(null, { status: 500 }) }) }
}

adapterSuite(inProcess('fetch', host, { setups: [atRoot('none'), underPrefix('none')], seesHosts: false }))
