import type { Engine } from '../core/ports/engine.ts'
import { grantableScope, scopeStillAllowed } from '../core/rules/scope.ts'
import type { Holder, OAuth1Engine } from './engine.ts'

const inStore: Holder = { user: undefined }

/** A provider's engine, as OAuth 1 sees it. */
export function providerEngine(engine: Engine): OAuth1Engine {
  const { accounts, clock, emit, keyring, settings, store, beforeIssueToken } = engine
  const policy = {
    ignoreRequested: settings.ignoreClientRequestedScope,
    dropUnknown: settings.compatibility.dropUnknownScope,
    refuseNotAllowed: settings.refuseScopeNotAllowed,
  }
  return {
    issuer: settings.issuer,
    isLoopback: !settings.secureCookies,
    clock,
    keyring,
    emit,
    beforeIssueToken,
    signatureLimit: settings.limits.client,
    grantableScope: async (client, requested) => grantableScope(client, await store.scopes.all(), requested, policy),
    scopeStillAllowed: async (client, approved) => scopeStillAllowed(client, await store.scopes.all(), approved),
    // In our own store, disabling or deleting a user revokes what they have; a host's accounts must be asked.
    async findHolder(userId) {
      if (accounts.inStore) return inStore
      const user = await accounts.find(userId)
      return user && { user }
    },
  }
}
