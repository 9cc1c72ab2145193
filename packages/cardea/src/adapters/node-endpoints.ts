import type { IncomingMessage } from 'node:http'
import type { HttpResponse } from '../http/response.ts'
import { defaultMaxBodyBytes } from './fetch-request.ts'
import type { IncomingOptions } from './incoming.ts'
import { NodeRequest, type Received } from './node-request.ts'
import { closingIfUnread } from './node-response.ts'
import type { Answering } from './served.ts'

/** RFC 9112 §3.2: two Host headers may be two requests to whoever stands before us. Node lets them pass. */
export function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts <= 1
}

export const twoHosts: HttpResponse = {
  status: 400,
  headers: { 'content-type': 'text/plain', connection: 'close' },
  body: 'More than one Host header',
}

/**
 * Answers requests to the provider's endpoints, wherever the host has mounted them; undefined at once for all others,
 * which are the host's.
 */
export function nodeEndpoints(
  provider: Answering,
  { trustProxy, maxBodyBytes = defaultMaxBodyBytes }: IncomingOptions,
) {
  const { handles } = provider
  const nothingElse: Received = { handles }
  return (message: IncomingMessage, received?: Received): Promise<HttpResponse> | undefined => {
    const all = received === undefined ? nothingElse : { ...received, handles }
    const request = new NodeRequest(message, trustProxy, maxBodyBytes, all)
    if (!handles(request.path)) return undefined
    if (!hasOneHost(message)) return Promise.resolve(twoHosts)
    return provider.handle(request).then((answer) => closingIfUnread(message, answer))
  }
}
