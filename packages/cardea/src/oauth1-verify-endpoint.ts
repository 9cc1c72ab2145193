import type { Engine } from './core/ports/engine.ts'
import { ProtocolError } from './core/spec/errors.ts'
import { formOf } from './http/params.ts'
import { json } from './http/response.ts'
import type { Handler } from './http/router.ts'
import { countAttempt } from './interaction/sign-in-limits.ts'
import { refusalMembers } from './oauth1/answers.ts'
import type { OAuth1Context } from './oauth1/context.ts'
import { verifyReceived } from './oauth1/verify.ts'
import { authenticateClient } from './oauth2/client-auth/authenticate.ts'
import type { ClientAuthMethod } from './oauth2/client-auth/method.ts'

/** `POST /oauth1/verify`: resource servers ask whether a request that they received is signed as it should be. */
export function oauth1VerifyEndpoint(
  engine: Engine,
  context: OAuth1Context,
  methods: readonly ClientAuthMethod[],
  perMinute: number,
): Handler {
  return async (request) => {
    const params = await formOf(request)
    const { client } = await authenticateClient(engine, methods, request, params)
    if (client.token_endpoint_auth_method === 'none') {
      throw new ProtocolError('invalid_client', 'public_client', { description: 'Invalid client credentials' })
    }
    await countAttempt(engine, `oauth1 verify ${client.client_id}`, { attempts: perMinute, window: 60 })
    const mayAsk = (clientId: string): boolean => client.introspect_any === true || clientId === client.client_id
    const { credential, problem } = await verifyReceived(context, params, mayAsk)
    if (problem !== undefined) return json(200, { active: false, ...refusalMembers(problem) })
    if (credential === undefined) return json(200, { active: false })
    const user = await engine.accounts.find(credential.userId)
    return json(200, {
      active: true,
      client_id: credential.clientId,
      sub: credential.userId,
      ...(user !== undefined && { username: user.username }),
      scope: credential.scope.join(' '),
      iat: credential.issuedAt,
      ...(credential.expiresAt !== undefined && { exp: credential.expiresAt }),
      token_type: 'oauth1',
      iss: engine.settings.issuer,
    })
  }
}
