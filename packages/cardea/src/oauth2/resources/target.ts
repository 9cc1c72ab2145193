import type { Client } from '../../core/model/client.ts'
import type { GrantFacts } from '../../core/model/grant-facts.ts'
import type { Resource } from '../../core/model/resource.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { isSameResource, scopeAt } from '../../core/rules/resource.ts'
import { covers } from '../../core/rules/scope.ts'
import { invalidScope, invalidTarget } from '../../core/spec/errors.ts'
import { describedResource } from '../../core/tokens/token-rules.ts'

/** What a client asks for, and what was allowed before. */
export interface TargetRequest {
  readonly client: Client
  /** Values of `resource`; empty: it does not say. */
  readonly asked: readonly string[]
  /** What the authorization is for. Absent: nothing was decided. */
  readonly granted?: readonly string[] | undefined
}

const longestList = 20

/** Those this client may have tokens for: what is known here, and not kept from it. */
function reachable(
  known: readonly Resource[],
  { defaultResource }: Engine['settings'],
  { resources: own }: Client,
): readonly Resource[] {
  const all =
    defaultResource === undefined || known.some(({ identifier }) => identifier === defaultResource)
      ? known
      : [...known, describedResource(known, defaultResource)]
  return own === undefined
    ? all
    : all.filter(({ identifier }) => own.includes(identifier) || own.some((name) => isSameResource(name, identifier)))
}

/** By the name itself first: to read all of them as URLs would take longer the more there are. */
const resourceCalled = (text: string, all: readonly Resource[]): Resource | undefined =>
  all.find(({ identifier }) => identifier === text) ?? all.find(({ identifier }) => isSameResource(identifier, text))

/** As they are called here, each once. @throws ProtocolError `invalid_target` for one there is not */
function named(asked: readonly string[], all: readonly Resource[]): readonly string[] {
  if (asked.length > longestList) throw invalidTarget('too_many_resources', 'Too many resources in one request')
  const found = asked.map((text) => resourceCalled(text, all)?.identifier)
  if (found.includes(undefined))
    throw invalidTarget('unknown_resource', 'The resource is not known here, or not allowed for this client')
  return [...new Set(found as readonly string[])]
}

/** What a request that names nothing is for; undefined: whoever takes our tokens. */
function usual(
  { settings }: Engine,
  { resources: own }: Client,
  all: readonly Resource[],
): readonly string[] | undefined {
  const { defaultResource } = settings
  if (all.some(({ identifier }) => identifier === defaultResource)) return [defaultResource as string]
  if (own === undefined) return undefined
  // Without a name, a token for any resource would pass by what the client is limited to.
  if (all.length === 0) throw invalidTarget('no_resource_allowed', 'This client may not have tokens for any resource')
  return all.map(({ identifier }) => identifier)
}

/** Whether there is nothing to decide: then nothing is looked up. */
export const isUntargeted = ({ settings }: Engine, { client, asked, granted }: TargetRequest): boolean =>
  asked.length === 0 &&
  granted === undefined &&
  client.resources === undefined &&
  settings.defaultResource === undefined

/**
 * RFC 8707 §2: the resources that a new token is for. Undefined: whoever takes our tokens.
 * @throws ProtocolError `invalid_target` for what is unknown, not allowed for the client, or more than was granted
 */
export async function targetOf(engine: Engine, request: TargetRequest): Promise<readonly Resource[] | undefined> {
  return isUntargeted(engine, request) ? undefined : targetAmong(await engine.resources.all(), engine, request)
}

/** The same, of the resources that there are. */
export function targetAmong(
  known: readonly Resource[],
  engine: Engine,
  request: TargetRequest,
): readonly Resource[] | undefined {
  const { asked, client, granted } = request
  const all = reachable(known, engine.settings, client)
  const kept = granted?.filter((identifier) => all.some((resource) => resource.identifier === identifier))
  if (kept !== undefined && kept.length === 0)
    throw invalidTarget('resource_gone', 'What was granted is for resources that are not allowed any more')
  const wanted = asked.length > 0 ? named(asked, all) : (kept ?? usual(engine, client, all))
  if (kept !== undefined && wanted !== undefined && !covers(kept, wanted))
    throw invalidTarget('resource_not_granted', 'The resource exceeds what was granted')
  return wanted?.map((identifier) => describedResource(all, identifier))
}

/**
 * What of the scope these resources take.
 * @throws ProtocolError `invalid_scope` where that is none
 */
export function scopeFitting(resources: readonly Resource[], scope: readonly string[]): readonly string[] {
  const fitting = scopeAt(resources, scope)
  if (fitting.length === 0 && scope.length > 0)
    throw invalidScope('scope_not_of_resource', 'The scope means nothing at the resources asked for')
  return fitting
}

/** What an authorization and its first access token are for. */
export interface Targeted {
  readonly scope: readonly string[]
  readonly facts: GrantFacts
  /** Where the access token is for less. */
  readonly access?: { readonly scope: readonly string[]; readonly facts: GrantFacts }
}

/** The first request for tokens may name less than was granted: the rest stays for refreshing (RFC 8707 §2.2). */
export function targeted(
  { facts = {}, scope }: { readonly facts?: GrantFacts | undefined; readonly scope: readonly string[] },
  resources: readonly Resource[],
): Targeted {
  const identifiers = resources.map(({ identifier }) => identifier)
  const fitting = scopeFitting(resources, scope)
  const access = { scope: fitting, facts: { ...facts, resources: identifiers } }
  return facts.resources === undefined ? access : { scope, facts, access }
}
