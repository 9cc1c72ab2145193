import type { Client } from '../model/client.ts'
import type { Scope } from '../model/scope.ts'
import { invalidScope } from '../spec/errors.ts'

const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

export const isScopeName = (name: string): boolean => scopeToken.test(name)

/** RFC 6749 §3.3: space-delimited, case-sensitive, order without meaning; repeats fold. */
export function parseScope(text: string): string[] {
  if (isScopeName(text)) return [text]
  const names = [...new Set(text.split(' ').filter((name) => name !== ''))]
  if (!names.every(isScopeName))
    throw invalidScope('malformed_scope', 'The scope holds characters that are not allowed')
  return names
}

export const covers = (granted: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((name) => granted.includes(name))

/** Names the client may have at all. */
function ceilingOf(client: Client, known: readonly Scope[]): readonly string[] {
  const names = known.map((scope) => scope.name)
  if (client.scope === undefined) return names
  const allowed = parseScope(client.scope)
  return names.filter((name) => allowed.includes(name))
}

/** Whether the client may have all these scopes, as it is registered now and as they are known now. */
export const mayHaveScope = (client: Client, known: readonly Scope[], names: readonly string[]): boolean =>
  covers(ceilingOf(client, known), names)

/**
 * What of a granted scope a client may still have: what was taken from it, or from the vocabulary, is not renewed.
 * @throws ProtocolError `invalid_scope` when nothing of it is left
 */
export function scopeStillAllowed(
  client: Client,
  known: readonly Scope[],
  granted: readonly string[],
): readonly string[] {
  if (mayHaveScope(client, known, granted)) return granted
  const ceiling = ceilingOf(client, known)
  const left = granted.filter((name) => ceiling.includes(name))
  if (left.length === 0) throw invalidScope('scope_not_allowed', 'This client may not have this scope any more')
  return left
}

export interface ScopePolicy {
  /** Requested scope is ignored; the default is granted. */
  readonly ignoreRequested: boolean
  /** Unregistered names are dropped instead of refused. */
  readonly dropUnknown: boolean
  /** Names the client may not have are refused instead of left out. */
  readonly refuseNotAllowed?: boolean
}

function defaultScope(client: Client, known: readonly Scope[]): string[] {
  const ceiling = ceilingOf(client, known)
  const names = known.filter((scope) => scope.is_default && ceiling.includes(scope.name)).map((scope) => scope.name)
  // RFC 6749 §3.3: process with a default or fail. A server without any scopes has nothing to choose from.
  if (names.length === 0 && known.length > 0)
    throw invalidScope('no_default_scope', 'Name the scope: this client has no default')
  return names
}

/**
 * RFC 6749 §3.3: what a request for `requested` may be granted. Names the client may not have are left out (the answer
 * then names the scope); unregistered ones are refused.
 * @throws ProtocolError `invalid_scope` when nothing remains
 */
export function grantableScope(
  client: Client,
  known: readonly Scope[],
  requested: string | undefined,
  policy: ScopePolicy,
): readonly string[] {
  if (requested === undefined || policy.ignoreRequested) return defaultScope(client, known)
  const names = parseScope(requested)
  const registered = names.filter((name) => known.some((scope) => scope.name === name))
  if (registered.length < names.length && !policy.dropUnknown) {
    throw invalidScope('unknown_scope', 'The scope holds a name that is not known here')
  }
  if (registered.length === 0) return defaultScope(client, known)
  const ceiling = ceilingOf(client, known)
  const allowed = registered.filter((name) => ceiling.includes(name))
  const isRefused = policy.refuseNotAllowed && allowed.length < registered.length
  if (allowed.length === 0 || isRefused)
    throw invalidScope('scope_not_allowed', 'This client may not have the scope it asks for')
  return allowed
}

/** RFC 6749 §6: a refresh may narrow, never widen; omitted means the same as before. */
export function narrowedScope(granted: readonly string[], requested: string | undefined): readonly string[] {
  if (requested === undefined) return granted
  const names = parseScope(requested)
  if (names.length === 0) return granted
  if (!covers(granted, names)) throw invalidScope('scope_widened', 'The scope exceeds what was granted')
  return names
}
