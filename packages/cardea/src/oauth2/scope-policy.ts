import type { Client } from '../core/model/client.ts'
import type { ClientPolicy } from '../core/model/client-policy.ts'
import type { Engine } from '../core/ports/engine.ts'
import { grantableScope, parseScope } from '../core/rules/scope.ts'
import { invalidScope } from '../core/spec/errors.ts'

/** By the server's vocabulary and policy. */
async function grantable(engine: Engine, client: Client, requested: string | undefined): Promise<readonly string[]> {
  return grantableScope(client, await engine.store.scopes.all(), requested, {
    ignoreRequested: engine.settings.ignoreClientRequestedScope,
    dropUnknown: engine.settings.compatibility.dropUnknownScope,
    refuseNotAllowed: engine.settings.refuseScopeNotAllowed,
  })
}

/**
 * What a request of this client for that scope may be granted, by the server's vocabulary and policy. The host's own
 * client object may leave out of it and, where nothing was asked for, choose; empty means no scope at all.
 */
export function scopeFor(engine: Engine, client: Client, requested: string | undefined): Promise<readonly string[]> {
  return client.policy?.allowedScope === undefined
    ? grantable(engine, client, requested)
    : leftByHost(engine, client, requested, client.policy)
}

async function leftByHost(
  engine: Engine,
  client: Client,
  requested: string | undefined,
  policy: ClientPolicy,
): Promise<readonly string[]> {
  // First by our own rules, so that a name that nobody knows is refused and not just left out.
  const ours = requested === undefined ? undefined : await grantable(engine, client, requested)
  const allowed: unknown = await policy.allowedScope?.(requested ?? '')
  if (typeof allowed !== 'string')
    throw invalidScope('scope_refused_by_host', 'This client may not have the scope it asks for')
  const names = parseScope(allowed)
  if (ours !== undefined) return ours.filter((name) => names.includes(name))
  return names.length === 0 ? [] : grantable(engine, client, names.join(' '))
}
