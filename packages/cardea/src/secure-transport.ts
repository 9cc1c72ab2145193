import type { Engine } from './core/ports/engine.ts'
import { ProtocolError } from './core/spec/errors.ts'
import type { HttpRequest } from './http/request.ts'

/** A request that surely came without TLS may have been read and changed on its way (RFC 6749 §3.1, §3.2). */
export function mustBeSecure(engine: Engine, request: HttpRequest): void {
  if (request.secure !== false || !engine.settings.secureCookies) return
  throw new ProtocolError('insecure_transport', 'insecure_transport', { description: 'Use https' })
}
