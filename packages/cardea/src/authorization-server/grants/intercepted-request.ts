import type { Engine } from '../../core/ports/engine.ts'
import type { TokenRequest } from '../../oauth2/token/grant.ts'

/**
 * A request whose grant sees some ports through the host's eyes. Tokens are issued by the request itself all the same, so
 * that no check and no hook is passed by.
 */
export const intercepted = (
  request: TokenRequest,
  engine: Engine,
  renew: TokenRequest['renew'] = (continuation) => request.renew(continuation),
): TokenRequest => ({
  engine,
  client: request.client,
  grantType: request.grantType,
  params: request.params,
  request: request.request,
  remoteAddress: request.remoteAddress,
  clientAuthMethod: request.clientAuthMethod,
  signedToken: request.signedToken,
  confirmation: request.confirmation,
  allowedScope: (requested) => request.allowedScope(requested),
  issue: (allowance) => request.issue(allowance),
  tryIssue: (allowance) => request.tryIssue(allowance),
  renew,
  proven: () => request.proven(),
})

/** What a host does afterwards cannot take back what was done: its failure is told, and the answer is given. */
export async function toldAfterwards(engine: Engine, tell: () => unknown): Promise<void> {
  try {
    await tell()
  } catch (error) {
    await engine.emit({ type: 'internal_error', endpoint: 'token', error })
  }
}
