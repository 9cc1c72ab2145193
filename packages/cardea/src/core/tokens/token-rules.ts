import { longestSigned } from '../keys/key-times.ts'
import type { Resource } from '../model/resource.ts'
import type { ServerAlgorithm } from '../model/server-algorithm.ts'
import type { Engine } from '../ports/engine.ts'
import { invalidTarget } from '../spec/errors.ts'

/** How an access token for certain resources has to be. */
export interface AccessTokenRules {
  readonly format: 'opaque' | 'jwt'
  /** Absent: that of the server. */
  readonly algorithm?: ServerAlgorithm
  /** Seconds, at most. */
  readonly lifetime?: number
  /** Whether the resources, or one of them, want their tokens stored. */
  readonly keepsTokens: boolean
}

/** A JWT always ends (RFC 9068 §2.2), and before the key that verifies it is gone. */
function lifetimeOf(format: AccessTokenRules['format'], resources: readonly Resource[]): { lifetime?: number } {
  const most = resources.map(({ access_token_lifetime }) => access_token_lifetime).filter((one) => one !== undefined)
  if (format === 'jwt') most.push(longestSigned)
  return most.length === 0 ? {} : { lifetime: Math.min(...most) }
}

/**
 * The rules for one token that all these resources take. One text can be only of one kind: where they differ, the client
 * has to ask for a token each.
 * @throws ProtocolError `invalid_target`
 */
export function rulesAt(settings: Engine['settings'], resources: readonly Resource[]): AccessTokenRules {
  const formatOf = ({ token_format = settings.accessTokenFormat }: Resource) => token_format
  const [first] = resources
  const format = first === undefined ? settings.accessTokenFormat : formatOf(first)
  const algorithm = first?.signing_alg
  const isAlike = (other: Resource): boolean =>
    formatOf(other) === format && (format !== 'jwt' || other.signing_alg === algorithm)
  if (!resources.every(isAlike))
    throw invalidTarget('resources_differ', "These resources take different tokens; name one of them as 'resource'")
  const known = settings.serverAlgorithms.find((name) => name === algorithm)
  if (format === 'jwt' && algorithm !== undefined && known === undefined)
    throw invalidTarget('resource_algorithm_not_allowed', 'No token can be signed here as this resource wants it')
  return {
    format,
    ...(known !== undefined && { algorithm: known }),
    ...lifetimeOf(format, resources),
    keepsTokens:
      format !== 'jwt' || resources.length === 0 || resources.some(({ keeps_tokens }) => keeps_tokens !== false),
  }
}

/** What is known of a resource; of one that was deleted meanwhile, or is the default only, its name. */
export const describedResource = (known: readonly Resource[], identifier: string): Resource =>
  known.find((resource) => resource.identifier === identifier) ?? { identifier, name: identifier }

/** Undefined: nothing but the usual. A promise only where resources have to be looked up: `described` are those. */
export function accessTokenRules(
  { resources, settings }: Engine,
  identifiers: readonly string[] | undefined,
  described?: readonly Resource[],
): undefined | AccessTokenRules | Promise<AccessTokenRules> {
  if (identifiers !== undefined && described !== undefined) return rulesAt(settings, described)
  if (identifiers !== undefined) {
    const find = async () => {
      const known = await resources.all()
      return rulesAt(
        settings,
        identifiers.map((identifier) => describedResource(known, identifier)),
      )
    }
    return find()
  }
  if (settings.accessTokenFormat === 'opaque') return undefined
  return rulesAt(settings, [])
}
