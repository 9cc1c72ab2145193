import type { Resource } from '../core/model/resource.ts'
import { protectedResource } from '../oauth2/protection/protected-resource.ts'
import type { RegistrationOptions } from '../oauth2/registration/registration-options.ts'
import { oauth21Rules } from './oauth21.ts'
import { type Preset, presetOf, unlessSaid } from './preset.ts'

/** What an authorization server of MCP servers is told. */
export interface McpOptions {
  /** MCP servers, by the addresses at which clients reach them; the first is meant where a request names none. */
  readonly resources: readonly (string | Resource)[]
  /** Lets clients register themselves too, as older ones do (RFC 7591). Default false. */
  readonly registration?: boolean | RegistrationOptions
}

const described = (given: string | Resource): Resource =>
  typeof given === 'string' ? { identifier: given, name: new URL(given).host + new URL(given).pathname } : given

/** What older clients need: they say no `application_type`, and listen on a port that differs each time. */
const registrationFrom = (given: boolean | RegistrationOptions): false | RegistrationOptions =>
  given !== false && { mode: 'open', inferApplicationType: true, localhostAnyPort: true, ...(given !== true && given) }

/**
 * MCP authorization, revision 2026-07-28: OAuth 2.1, clients by the address of a document, tokens for one MCP server each,
 * every discovery address that clients try, and the metadata of the MCP servers where they are at the issuer's origin.
 * @throws TypeError that names the option and what is valid
 */
export function mcp({ resources, registration = false }: McpOptions): Preset {
  if (!Array.isArray(resources) || resources.length === 0)
    throw new TypeError('mcp: resources must list the addresses of MCP servers, such as https://api.example.com/mcp')
  const own = resources.map((given) => {
    const identifier = typeof given === 'string' ? given : given?.identifier
    // Says what is wrong with an address; the document itself is made later, when the issuer is known.
    protectedResource({ resource: identifier })
    return described(given)
  })
  const [first] = own
  return presetOf('mcp', {
    ...oauth21Rules,
    clientDocuments: unlessSaid(true),
    registration: (given) => registrationFrom(given ?? registration),
    resources: (given = []) => [
      ...own,
      ...given.filter(({ identifier }) => !own.some((one) => one.identifier === identifier)),
    ],
    defaultResource: unlessSaid(first?.identifier),
    describedResources: (given = []) => [...new Set([...own.map(({ identifier }) => identifier), ...given])],
    resourceMetadata: unlessSaid(protectedResource({ resource: first?.identifier ?? '' }).metadataUrl),
    discoveryAliases: unlessSaid(true),
  })
}
