import type { Engine } from '../../core/ports/engine.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import { repeatableOf } from './fact-reader.ts'
import { RedirectedError } from './redirected-error.ts'
import { type AuthorizationRequest, type ReturnAddress, returnAddressOf } from './request.ts'
import { type ResolvedRequest, resolvedRequest } from './request-source.ts'
import { type AuthorizationChecks, checkedAuthorizationRequest, checkedReturnAddress } from './validate.ts'

/** Only errors that a client may be told of; a flood is told on a page: the client did nothing wrong and has no use for it. */
function redirected(error: unknown, address: ReturnAddress): unknown {
  if (!(error instanceof ProtocolError) || error.code === 'too_many_requests') return error
  return new RedirectedError(error, { ...address, clientId: address.client.client_id })
}

/** RFC 9101 §6: an object that cannot be read is told to the client where the parameters beside it say enough. */
async function redirectedByOthers(
  engine: Engine,
  { rules }: AuthorizationChecks,
  error: unknown,
  beside: Params,
  http: HttpRequest,
) {
  if (!(error instanceof ProtocolError) || beside.get('redirect_uri') === undefined) return error
  const address = await returnAddressOf(engine, rules, beside, http).catch(() => undefined)
  return address === undefined ? error : redirected(error, address)
}

/**
 * Takes an authorization request through every check, and has it answered.
 * @throws RedirectedError for a refusal from where client and redirect URI are proven; any other is shown, never
 * redirected (RFC 6749 §4.1.2.1)
 */
export async function openRequest<Answer>(
  engine: Engine,
  checks: AuthorizationChecks,
  http: HttpRequest,
  received: Params,
  answer: (request: AuthorizationRequest) => Promise<Answer>,
): Promise<Answer> {
  let resolved: ResolvedRequest
  try {
    const repeatable = repeatableOf(checks.rules.factReaders)
    resolved = await resolvedRequest(checks.rules.sources, { engine, request: http, params: received, repeatable })
  } catch (error) {
    throw await redirectedByOthers(engine, checks, error, received, http)
  }
  const address = await checkedReturnAddress(engine, checks, http, resolved.params)
  try {
    return await answer(await checkedAuthorizationRequest(engine, checks, address, http, resolved))
  } catch (error) {
    throw redirected(error, address)
  }
}
