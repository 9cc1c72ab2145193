import type { Client } from '../../core/model/client.ts'
import type { AuthorizationCode } from '../../core/model/code.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { HostUser } from '../../core/ports/host-sign-in.ts'
import type { Store } from '../../core/ports/store.ts'
import { invalidGrant } from '../../core/spec/errors.ts'
import { userIdOf } from '../../interaction/host-session.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../../oauth2/token/grant.ts'
import { authorizationCode } from '../../oauth2/token/grants/authorization-code.ts'
import type { Awaitable } from '../client-model.ts'
import { replacing } from '../replacing.ts'
import { intercepted } from './intercepted-request.ts'

const engineGrant = authorizationCode()

/**
 * RFC 6749 §4.1 with PKCE (RFC 7636), for hosts that want a say: override what you need. Codes are kept and spent by the
 * store, once and in one step with the tokens they buy; a method can refuse and be told, never let more through.
 */
export class AuthorizationCodeGrant implements Grant {
  /** Wire value of `grant_type`. */
  readonly type: string = engineGrant.type
  /** PKCE stands in for the secret of clients that have none. */
  readonly publicClients: boolean = engineGrant.publicClients

  /** Told of a code before it is saved. What it throws refuses the authorization. */
  saveAuthorizationCode(_code: AuthorizationCode): Awaitable<unknown> {
    return undefined
  }

  /** Whether a code that was found may be redeemed: undefined or null refuses it as unknown. Default: it may. */
  queryAuthorizationCode(code: AuthorizationCode, _client: Client): Awaitable<AuthorizationCode | undefined | null> {
    return code
  }

  /** Told once a code is spent. What it throws is told by the event `internal_error`. */
  deleteAuthorizationCode(_digest: TokenDigest): Awaitable<unknown> {
    return undefined
  }

  /** The user who granted, if they may still use the service: undefined or null refuses. Default: the users' own `find` says. */
  authenticateUser(code: AuthorizationCode): Awaitable<HostUser | undefined | null> {
    return { id: code.userId }
  }

  /**
   * Says what is allowed and has it issued.
   * @throws ProtocolError with a code of RFC 6749 §5.2
   */
  handle(request: TokenRequest): Promise<GrantAnswer> {
    const { client, engine } = request
    return engineGrant.handle(intercepted(request, this.#seenThrough(engine, client)))
  }

  /** The store with this grant's say in front of what concerns codes. */
  watch(store: Store, failed: (error: unknown) => unknown): Store {
    return replacing(store, {
      ledger: {
        commit: async (entry) => {
          if (entry.code !== undefined) await this.saveAuthorizationCode(entry.code)
          const outcome = await store.ledger.commit(entry)
          if (outcome === 'done' && entry.spend?.kind === 'code') await this.#told(entry.spend.digest, failed)
          return outcome
        },
      },
    })
  }

  async #told(digest: TokenDigest, failed: (error: unknown) => unknown): Promise<void> {
    try {
      await this.deleteAuthorizationCode(digest)
    } catch (error) {
      // The code is spent and its tokens are saved: the client must get them.
      await failed(error)
    }
  }

  #seenThrough(engine: Engine, client: Client): Engine {
    const { store } = engine
    const find: Store['codes']['find'] = async (digest) => {
      const code = await store.codes.find(digest)
      // A spent one is judged by that alone: no say of the host may hide a replay.
      if (code === undefined || code.spentAt !== undefined || code.clientId !== client.client_id) return code
      if (!(await this.queryAuthorizationCode(code, client))) return undefined
      await this.#userMustStand(code)
      return code
    }
    return { ...engine, store: replacing(store, { codes: replacing(store.codes, { find }) }) }
  }

  async #userMustStand(code: AuthorizationCode): Promise<void> {
    const user = await this.authenticateUser(code)
    const stands = user !== undefined && user !== null && userIdOf(user, 'authenticateUser') === code.userId
    if (!stands) throw invalidGrant('user_gone', 'Authorization code not found')
  }
}
