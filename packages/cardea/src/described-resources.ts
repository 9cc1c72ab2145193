import type { Engine } from './core/ports/engine.ts'
import { isSameResource } from './core/rules/resource.ts'
import type { MakeExtension } from './extension.ts'
import type { Route } from './http/router.ts'
import { type ProtectedResource, protectedResource } from './oauth2/protection/protected-resource.ts'

/** @throws TypeError that names the option */
function mustBeDescribable(identifier: string, index: number): void {
  try {
    protectedResource({ resource: identifier })
  } catch (error) {
    throw new TypeError(`describedResources[${index}]: ${(error as Error).message}`)
  }
}

/** What `protect` of this server takes, as its settings and what is known of the resource say. */
async function described(engine: Engine, identifier: string, certificates: boolean): Promise<ProtectedResource> {
  const { compatibility, dpop, issuer } = engine.settings
  const scopes = (await engine.store.scopes.all()).map(({ name }) => name)
  const known = (await engine.resources.all()).find((one) => isSameResource(one.identifier, identifier))
  return protectedResource({
    resource: identifier,
    authorizationServers: [issuer],
    scopes: known?.scopes ?? scopes,
    ...(known !== undefined && { name: known.name }),
    // A token that is bound to a certificate needs no proof besides.
    ...(dpop !== undefined && { dpop: { algorithms: dpop.algorithms, required: dpop.required && !certificates } }),
    certificateBoundTokens: certificates,
    ...(compatibility.bearerTokenInFormOrQuery && { bearerMethods: ['header', 'body', 'query'] as const }),
    authorizationDetailsTypes: Object.keys(engine.detailTypes),
  })
}

/** RFC 9728: metadata of resources that are beside this server, at its origin. Those elsewhere have to serve their own. */
export const describedResources: MakeExtension = ({ engine, options: { mutualTls = false, ...options }, refusals }) => {
  const { certificateBoundTokens = mutualTls !== false } = options
  const { describedResources: identifiers, issuer } = engine.settings
  identifiers.forEach(mustBeDescribable)
  const here = identifiers.filter((identifier) => new URL(identifier).origin === new URL(issuer).origin)
  if (here.length === 0) return undefined
  const routes = here.map((identifier, index): Route => {
    const { metadataUrl } = protectedResource({ resource: identifier })
    return {
      name: index === 0 ? 'resource-metadata' : `resource-metadata-${index + 1}`,
      paths: [new URL(metadataUrl).pathname],
      methods: {
        GET: async (request) => (await described(engine, identifier, certificateBoundTokens !== false)).handle(request),
      },
      refuse: refusals.asJson,
      cors: true,
    }
  })
  return { routes }
}
