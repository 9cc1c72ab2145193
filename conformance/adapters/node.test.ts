import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { nodeHandler, nodeProtector, type TokenInfo } from 'cardea/node'
import { inProcess } from './in-process.ts'
import { atRoot, type Host, type HostOptions, underPrefix } from './setup.ts'
import { adapterSuite } from './suite.ts'

async function bodyOf(message: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of message) text += String(chunk)
  return text
}

function host({ provider, options }: HostOptions): Host {
  const { requireOAuth, optionalOAuth } = nodeProtector(provider, options)
  const tell = (_message: IncomingMessage, response: ServerResponse, token: TokenInfo): void => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(token))
  }
  const routes: Record<string, RequestListener> = {
    '/read': requireOAuth('read', tell),
    '/write': requireOAuth('write', tell),
    '/open': optionalOAuth('read', (_message, response, token) => {
      response.end(JSON.stringify({ caller: token?.clientId ?? null }))
    }),
    '/echo': requireOAuth('read', async (message, response) => void response.end(await bodyOf(message))),
    '/failing': requireOAuth(undefined, async () => {
      throw new Error('the database of the host is away')
    }),
    '/host': (_message, response) => void response.end('the host'),
  }
  const fallback: RequestListener = (message, response) => {
    const route = routes[message.url?.split('?')[0] ?? '']
    if (route === undefined) response.writeHead(404).end()
    else route(message, response)
  }
  return { listener: nodeHandler(provider, { ...options, fallback }) }
}

adapterSuite(inProcess('node:http', host, { setups: [atRoot('none'), underPrefix('none')] }))
