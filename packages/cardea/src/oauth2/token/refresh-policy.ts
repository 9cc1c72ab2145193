import { type Client, mayUseGrantType } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'

/** RFC 6749 §4.1.4: a refresh token only for clients that may use it. */
export const grantsRefreshToken = (engine: Engine, client: Client): boolean =>
  engine.settings.compatibility.refreshTokenForEveryGrant || mayUseGrantType(client, 'refresh_token')
