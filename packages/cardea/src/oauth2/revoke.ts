import type { Client } from '../core/model/client.ts'
import { clockTolerance } from '../core/ports/attempts.ts'
import type { Engine } from '../core/ports/engine.ts'
import { invalidGrant } from '../core/spec/errors.ts'
import { agrees } from '../core/tokens/jwt-access-token.ts'
import { revokeFamily } from '../core/tokens/revoke.ts'
import { presentedAccessToken, presentedDigest } from '../core/tokens/token-texts.ts'
import { generationIn, writtenHere } from '../core/tokens/unkept-token.ts'
import { required } from '../http/params.ts'
import { json } from '../http/response.ts'
import type { Endpoint } from './endpoint.ts'

/** RFC 7009 §2.1: a token of another client is refused, and lives on. */
function mustBeOwn(client: Client, tokenClientId: string): void {
  if (tokenClientId !== client.client_id)
    throw invalidGrant('token_of_another_client', 'The token was issued to another client')
}

async function revokeAccess(engine: Engine, client: Client, presented: string): Promise<void> {
  const { clock, emit, store } = engine
  const read = await presentedAccessToken(engine, presented)
  if (read === undefined) return
  const { claims, digest } = read
  const event = { type: 'token_revoked', kind: 'access', clientId: client.client_id } as const
  if (claims !== undefined && generationIn(claims) !== undefined) {
    const written = writtenHere(engine, { claims, digest })
    if (written === undefined) return
    mustBeOwn(client, written.clientId)
    // Without its mark it would be active again, where another instance's clock is behind.
    const until = (claims.exp as number) + clockTolerance
    if (await store.unkeptTokens.revoke(digest, until)) await emit(event)
    return
  }
  const found = await store.tokens.findAccess(digest)
  if (found === undefined || (claims !== undefined && !agrees(engine, found.token, claims))) return
  mustBeOwn(client, found.token.clientId)
  const newly = await store.tokens.revokeAccess(digest, clock.now())
  const { authorizationId } = found.token
  if (newly) await emit({ ...event, ...(authorizationId !== undefined && { authorizationId }) })
}

/** RFC 7009 §2.1: with a refresh token its access tokens go too; a rotated one still names the family. */
async function revokeRefresh(engine: Engine, client: Client, presented: string): Promise<void> {
  const digest = presentedDigest(engine, 'refresh', presented)
  const found = digest === undefined ? undefined : await engine.store.tokens.findRefresh(digest)
  if (found === undefined) return
  mustBeOwn(client, found.token.clientId)
  await revokeFamily(engine, found.token.authorizationId, client.client_id, 'revocation_request')
}

/** RFC 7009. The hint is not needed: the kinds of token are told apart by themselves. Unknown tokens answer 200 as well. */
export const revocation: Endpoint = {
  name: 'revocation',
  clientAuthentication: true,
  cors: true,
  methods: {
    async POST({ engine, client, params }) {
      const presented = required(params, 'token')
      await revokeAccess(engine, client as Client, presented)
      await revokeRefresh(engine, client as Client, presented)
      return json(200, {})
    },
  },
}
