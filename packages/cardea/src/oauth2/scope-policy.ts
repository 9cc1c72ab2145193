import type { Client } from '../core/model/client.ts'
import type { Engine } from '../core/ports/engine.ts'
import { grantableScope } from '../core/rules/scope.ts'

/** What a request of this client for that scope may be granted, by the server's vocabulary and policy. */
export async function scopeFor(
  engine: Engine,
  client: Client,
  requested: string | undefined,
): Promise<readonly string[]> {
  return grantableScope(client, await engine.store.scopes.all(), requested, {
    ignoreRequested: engine.settings.ignoreClientRequestedScope,
    dropUnknown: engine.settings.compatibility.dropUnknownScope,
    refuseNotAllowed: engine.settings.refuseScopeNotAllowed,
  })
}
