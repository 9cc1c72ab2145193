import type { Client } from '../../core/model/client.ts'
import type { HostUser } from '../../core/ports/host-sign-in.ts'
import { userFrom } from '../../interaction/host-session.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../../oauth2/token/grant.ts'
import { password } from '../../oauth2/token/grants/password.ts'
import type { Awaitable } from '../client-model.ts'
import { intercepted } from './intercepted-request.ts'

const engineGrant = password()

/**
 * RFC 6749 §4.3, for hosts with passwords of their own. It hands the user's password to the client, which RFC 9700 §2.4
 * forbids: for moving old clients only. Guesses are limited and counted before they are made.
 */
export abstract class PasswordGrant implements Grant {
  /** Wire value of `grant_type`. */
  readonly type: string = engineGrant.type
  /** Only clients that prove who they are may handle passwords. */
  readonly publicClients: boolean = engineGrant.publicClients

  /** The user whose password this is; one that is `disabled` is nobody. Must take as long for an unknown user as for a wrong password. */
  abstract authenticateUser(username: string, password: string, client: Client): Awaitable<HostUser | undefined | null>

  /**
   * Says what is allowed and has it issued.
   * @throws ProtocolError with a code of RFC 6749 §5.2
   */
  handle(request: TokenRequest): Promise<GrantAnswer> {
    const { client, engine } = request
    const accounts = {
      ...engine.accounts,
      authenticate: async (username: string, given: string) => {
        const user = await this.authenticateUser(username, given, client)
        return user == null || user.disabled ? undefined : userFrom(user, 'authenticateUser')
      },
    }
    return engineGrant.handle(intercepted(request, { ...engine, accounts }))
  }
}
