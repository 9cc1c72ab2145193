import type { IncomingMessage } from 'node:http'
import type { Received } from './node-request.ts'
import { isKept, type ParsedBody, textReadBefore } from './parsed-body.ts'

/** Fastify reads bodies itself: one that is read here would be waited for there, for ever. */
export function receivedFromFastify(request: { readonly raw: IncomingMessage }): Received {
  return {
    isAsSent: () => isKept(request as ParsedBody),
    async text() {
      const { headers } = request.raw
      const parsed = request as ParsedBody
      const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
      if (!hasBody || parsed.body !== undefined) return textReadBefore(parsed, headers['content-type'])
      throw new Error('requireOAuth: a form is signed but not parsed; use it as preHandler or around the handler')
    },
  }
}
