import type { MakeExtension } from './extension.ts'
import type { Route } from './http/router.ts'
import { protectedResource } from './oauth2/protection/protected-resource.ts'

/** RFC 9728: metadata of resources that are beside this server, at its origin. Those elsewhere have to serve their own. */
export const describedResources: MakeExtension = ({ engine, options, refusals }) => {
  const { describedResources: identifiers = [] } = options
  const { issuer } = engine.settings
  const here = identifiers.filter((identifier) => new URL(identifier).origin === new URL(issuer).origin)
  if (here.length === 0) return undefined
  const routes = here.map((identifier, index): Route => {
    const { metadataUrl } = protectedResource({ resource: identifier })
    return {
      name: index === 0 ? 'resource-metadata' : `resource-metadata-${index + 1}`,
      paths: [new URL(metadataUrl).pathname],
      methods: {
        async GET(request) {
          const scopes = (await engine.store.scopes.all()).map(({ name }) => name)
          const known = (await engine.resources.all()).find((one) => one.identifier === identifier)
          const document = protectedResource({
            resource: identifier,
            authorizationServers: [issuer],
            scopes: known?.scopes ?? scopes,
            ...(known !== undefined && { name: known.name }),
          })
          return document.handle(request)
        },
      },
      refuse: refusals.asJson,
      cors: true,
    }
  })
  return { routes }
}
