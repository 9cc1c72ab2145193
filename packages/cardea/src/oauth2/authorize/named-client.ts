import type { Client } from '../../core/model/client.ts'
import type { ClientAsked } from '../../core/ports/client-finder.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidClient } from '../../core/spec/errors.ts'
import { type Params, required } from '../../http/params.ts'

/**
 * The client that `client_id` names (RFC 6749 §4.1.1).
 * @throws ProtocolError `invalid_client`, for a disabled one in the same words
 */
export async function namedClient(engine: Engine, params: Params, from: ClientAsked): Promise<Client> {
  const client = await engine.findClient(required(params, 'client_id', 'No client id supplied'), from)
  if (client !== undefined && !client.disabled) return client
  throw invalidClient('unknown_client', 'The client id supplied is invalid', { status: 400 })
}
