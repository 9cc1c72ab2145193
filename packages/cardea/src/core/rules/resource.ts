import type { Resource } from '../model/resource.ts'
import { isServerAlgorithm, serverAlgorithms } from '../model/server-algorithm.ts'
import { isScopeName } from './scope.ts'

const longestIdentifier = 2048

/** RFC 8707 §2: an absolute URI without fragment. Blanks and quotes would end it in headers and pages. */
export const isResourceIdentifier = (text: unknown): text is string =>
  typeof text === 'string' &&
  text.length <= longestIdentifier &&
  /^[A-Za-z][A-Za-z0-9+.-]*:[^\s"'<>\\^`{|}#]+$/.test(text) &&
  URL.canParse(text)

const spelled = (identifier: string): string =>
  /^https?:/i.test(identifier) && URL.canParse(identifier) ? new URL(identifier).href : identifier

/** RFC 3986 §6.2.3: `https://api.example` and `https://api.example/` are one resource; no other spelling is. */
export const isSameResource = (one: string, other: string): boolean => one === other || spelled(one) === spelled(other)

/** What is wrong with the description of a resource; undefined: nothing. */
export function resourceProblem(resource: Resource): string | undefined {
  const { identifier, name, scopes = [], token_format = 'opaque', signing_alg, access_token_lifetime } = resource
  const { keeps_tokens = true } = resource
  if (!isResourceIdentifier(identifier)) return 'identifier: must be an absolute URI without fragment (RFC 8707 §2)'
  if (typeof name !== 'string' || name.trim() === '' || name.length > 200)
    return 'name: must be a text of 1 to 200 characters'
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string' && isScopeName(scope)))
    return 'scopes: must be a list of scope names'
  if (token_format !== 'opaque' && token_format !== 'jwt') return 'token_format: must be opaque or jwt'
  if (signing_alg !== undefined && !isServerAlgorithm(signing_alg))
    return `signing_alg: must be one of ${serverAlgorithms.join(', ')}`
  const lifetime = access_token_lifetime ?? 1
  if (!Number.isInteger(lifetime) || lifetime < 1 || lifetime > 315_360_000)
    return 'access_token_lifetime: must be whole seconds from 1 to 315360000'
  if (typeof keeps_tokens !== 'boolean') return 'keeps_tokens: must be true or false'
  // What is kept nowhere has to say everything by itself.
  if (!keeps_tokens && token_format !== 'jwt') return "keeps_tokens: false needs token_format 'jwt' beside it"
  return undefined
}

/** What belongs to this server itself, whichever resource a token is for (OIDC Core §5.4, §11). */
const serverScopes = ['openid', 'offline_access', 'profile', 'email', 'address', 'phone']

/** What of a scope makes sense at one of these resources at least. */
export function scopeAt(resources: readonly Resource[], scope: readonly string[]): readonly string[] {
  if (resources.some(({ scopes }) => scopes === undefined)) return scope
  const known = new Set([...serverScopes, ...resources.flatMap(({ scopes = [] }) => scopes)])
  return scope.every((name) => known.has(name)) ? scope : scope.filter((name) => known.has(name))
}
