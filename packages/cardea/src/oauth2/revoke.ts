import { lookupDigest } from '../core/crypto/token-text.ts'
import type { Client } from '../core/model/client.ts'
import type { Engine } from '../core/ports/engine.ts'
import { invalidGrant } from '../core/spec/errors.ts'
import { revokeFamily } from '../core/tokens/revoke.ts'
import { formOf, required } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import { type HttpResponse, json } from '../http/response.ts'
import { authenticateClient } from './client-auth/authenticate.ts'
import type { ClientAuthMethod } from './client-auth/method.ts'

/** RFC 7009 §2.1: a token of another client is refused, and lives on. */
function mustBeOwn(client: Client, tokenClientId: string): void {
  if (tokenClientId !== client.client_id)
    throw invalidGrant('token_of_another_client', 'The token was issued to another client')
}

async function revokeAccess(engine: Engine, client: Client, presented: string): Promise<void> {
  const digest = lookupDigest('access', presented)
  const found = digest === undefined ? undefined : await engine.store.tokens.findAccess(digest)
  if (digest === undefined || found === undefined) return
  mustBeOwn(client, found.token.clientId)
  const newly = await engine.store.tokens.revokeAccess(digest, engine.clock.now())
  const { authorizationId } = found.token
  if (newly)
    engine.emit({
      type: 'token_revoked',
      kind: 'access',
      clientId: client.client_id,
      ...(authorizationId !== undefined && { authorizationId }),
    })
}

/** RFC 7009 §2.1: with a refresh token its access tokens go too; a rotated one still names the family. */
async function revokeRefresh(engine: Engine, client: Client, presented: string): Promise<void> {
  const digest = lookupDigest('refresh', presented)
  const found = digest === undefined ? undefined : await engine.store.tokens.findRefresh(digest)
  if (found === undefined) return
  mustBeOwn(client, found.token.clientId)
  await revokeFamily(engine, found.token.authorizationId, client.client_id, 'revocation_request')
}

/** RFC 7009. The hint is not needed: the kinds of token are told apart by themselves. Unknown tokens answer 200 as well. */
export function revocationEndpoint(engine: Engine, clientAuthMethods: readonly ClientAuthMethod[]) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const params = await formOf(request)
    const { client } = await authenticateClient(engine, clientAuthMethods, request, params)
    const presented = required(params, 'token')
    await revokeAccess(engine, client, presented)
    await revokeRefresh(engine, client, presented)
    return json(200, {})
  }
}
