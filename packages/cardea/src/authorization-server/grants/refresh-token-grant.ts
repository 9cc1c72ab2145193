import type { Client } from '../../core/model/client.ts'
import type { RefreshToken } from '../../core/model/token.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { HostUser } from '../../core/ports/host-sign-in.ts'
import type { Tokens } from '../../core/ports/tokens.ts'
import { invalidGrant } from '../../core/spec/errors.ts'
import { userIdOf } from '../../interaction/host-session.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../../oauth2/token/grant.ts'
import { refreshToken } from '../../oauth2/token/grants/refresh-token.ts'
import type { Awaitable } from '../client-model.ts'
import { replacing } from '../replacing.ts'
import { intercepted, toldAfterwards } from './intercepted-request.ts'

const engineGrant = refreshToken()

/**
 * RFC 6749 §6 with rotation (RFC 9700 §4.14), for hosts that want a say: override what you need. Tokens are rotated by the
 * store, once and in one step; a method can refuse and be told, never let more through.
 */
export class RefreshTokenGrant implements Grant {
  /** Wire value of `grant_type`. */
  readonly type: string = engineGrant.type
  /** A refresh token of a public client is bound to its id, and rotated. */
  readonly publicClients: boolean = engineGrant.publicClients

  /** Whether a token that was found may be used: undefined or null refuses it as unknown. Default: it may. */
  authenticateRefreshToken(token: RefreshToken, _client: Client): Awaitable<RefreshToken | undefined | null> {
    return token
  }

  /** The user it was issued for, if they may still use the service: undefined or null refuses. Default: the users' own `find` says. */
  authenticateUser(token: RefreshToken): Awaitable<HostUser | undefined | null> {
    return { id: token.userId ?? '' }
  }

  /** Told once a token was replaced. What it throws is told by the event `internal_error`. */
  revokeOldCredential(_token: RefreshToken): Awaitable<unknown> {
    return undefined
  }

  /**
   * Says what is allowed and has it issued.
   * @throws ProtocolError with a code of RFC 6749 §5.2
   */
  handle(request: TokenRequest): Promise<GrantAnswer> {
    let old: RefreshToken | undefined
    const engine = this.#seenThrough(request.engine, request.client, (token) => {
      old = token
    })
    const renew: TokenRequest['renew'] = async (continuation) => {
      const result = await request.renew(continuation)
      const replaced = old
      if (result.outcome === 'done' && continuation.spend !== undefined && replaced !== undefined)
        await toldAfterwards(request.engine, () => this.revokeOldCredential(replaced))
      return result
    }
    return engineGrant.handle(intercepted(request, engine, renew))
  }

  #seenThrough(engine: Engine, client: Client, found: (token: RefreshToken) => void): Engine {
    const { store } = engine
    const findRefresh: Tokens['findRefresh'] = async (digest) => {
      const known = await store.tokens.findRefresh(digest)
      // A rotated one is judged by that alone: no say of the host may hide a reuse.
      if (known === undefined || known.token.spentAt !== undefined || known.token.clientId !== client.client_id)
        return known
      const { token } = known
      if (!(await this.authenticateRefreshToken(token, client))) return undefined
      await this.#userMustStand(token)
      found(token)
      return known
    }
    return { ...engine, store: replacing(store, { tokens: replacing(store.tokens, { findRefresh }) }) }
  }

  async #userMustStand(token: RefreshToken): Promise<void> {
    if (token.userId === undefined) return
    const user = await this.authenticateUser(token)
    const stands = user !== undefined && user !== null && userIdOf(user, 'authenticateUser') === token.userId
    if (!stands) throw invalidGrant('user_gone', 'Refresh token not found')
  }
}
