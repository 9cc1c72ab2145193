import type { BeforeIssueToken, TokenIssueChange } from '../core/ports/hooks.ts'
import type { HttpResponse } from '../http/response.ts'
import { changedIssue } from './changed-issue.ts'
import { frozenCopy } from './frozen-copy.ts'
import type { HookContexts, HookName, HookResult, Hooks } from './hooks.ts'
import { withMembers } from './response-members.ts'

type Told = Exclude<HookName, 'beforeIssueToken' | 'afterEndpointResponse'>

/** One function a name, undefined where there is no hook: whoever has a hook point looks before making a context. */
export type CompiledHooks = { readonly [N in Told]?: (context: HookContexts[N]) => Promise<void> } & {
  readonly beforeIssueToken?: BeforeIssueToken
  readonly afterEndpointResponse?: (context: HookContexts['afterEndpointResponse']) => Promise<HttpResponse>
}

/** Whether a hook name is told of a grant type by which its entries may choose. */
const knowsGrantType: Readonly<Record<HookName, boolean>> = {
  beforeGetAuthorizationGrant: false,
  afterGetAuthorizationGrant: true,
  beforeValidateAuthorizationRequestPayload: true,
  afterValidateAuthorizationRequestPayload: true,
  beforeValidateConsentRequest: true,
  afterValidateConsentRequest: true,
  beforeCreateAuthorizationResponse: true,
  afterCreateAuthorizationResponse: true,
  afterAuthorizationResponse: false,
  beforeValidateTokenRequest: true,
  afterValidateTokenRequest: true,
  beforeCreateTokenResponse: true,
  afterCreateTokenResponse: true,
  beforeIssueToken: true,
  beforeEndpointResponse: false,
  afterEndpointResponse: false,
}

export const hookNames = Object.keys(knowsGrantType) as readonly HookName[]

/** A hook once its name, which its types hang on, has been dealt with. */
interface Chosen {
  readonly grantType: string | undefined
  readonly hook: (context: object) => unknown
}

function chosen(name: HookName, entry: unknown): Chosen {
  if (typeof entry === 'function') return { grantType: undefined, hook: entry as Chosen['hook'] }
  const { grantType, hook } = (entry ?? {}) as Partial<Chosen>
  if (typeof hook !== 'function' || typeof grantType !== 'string') {
    throw new TypeError(`hooks.${name}: must be a function, { grantType, hook } or a list of these`)
  }
  if (!knowsGrantType[name]) throw new TypeError(`hooks.${name}: is told of no grant type to choose by`)
  return { grantType, hook }
}

function entriesOf(name: HookName, hooks: Hooks): readonly Chosen[] {
  const given: unknown = hooks[name]
  if (given === undefined) return []
  return (Array.isArray(given) ? given : [given]).map((entry) => chosen(name, entry))
}

const concerns = ({ grantType }: Chosen, context: object): boolean =>
  grantType === undefined || ('grantType' in context && context.grantType === grantType)

/** In order, each awaited; a frozen copy, so that none can alter what the next is told, or what is done. */
const tellEach = (entries: readonly Chosen[]) => async (context: object) => {
  const told = frozenCopy(context)
  for (const entry of entries) if (concerns(entry, told)) await entry.hook(told)
}

const issueHook =
  (entries: readonly Chosen[]): BeforeIssueToken =>
  async (issue) => {
    let current = issue
    let change: TokenIssueChange | undefined
    for (const entry of entries) {
      if (!concerns(entry, current)) continue
      const wanted = (await entry.hook(frozenCopy(current))) as HookResult<'beforeIssueToken'>
      if (wanted === undefined || wanted === null) continue
      change = changedIssue(current, change, wanted)
      const { scope = current.scope, lifetime = current.lifetime } = change
      current = { ...current, scope, lifetime }
    }
    return change
  }

const responseHook =
  (entries: readonly Chosen[]): CompiledHooks['afterEndpointResponse'] =>
  async (context) => {
    let { response } = context
    for (const entry of entries) {
      const wanted = (await entry.hook(frozenCopy({ ...context, response }))) as HookResult<'afterEndpointResponse'>
      if (wanted?.members !== undefined) response = withMembers(response, wanted.members)
    }
    return response
  }

function compiled(name: HookName, entries: readonly Chosen[]): unknown {
  if (name === 'beforeIssueToken') return issueHook(entries)
  return name === 'afterEndpointResponse' ? responseHook(entries) : tellEach(entries)
}

/** @throws TypeError for a name there is not, and for what is no hook */
export function compiledHooks(hooks: Hooks = {}): CompiledHooks {
  const unknown = Object.keys(hooks).find((name) => !Object.hasOwn(knowsGrantType, name))
  if (unknown !== undefined) {
    throw new TypeError(`hooks: there is no ${JSON.stringify(unknown)}; valid are ${hookNames.join(', ')}`)
  }
  const result: Record<string, unknown> = {}
  for (const name of hookNames) {
    const entries = entriesOf(name, hooks)
    if (entries.length > 0) result[name] = compiled(name, entries)
  }
  return result as CompiledHooks
}
