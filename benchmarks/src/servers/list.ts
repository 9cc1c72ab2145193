import { cardea, cardeaExtensions, cardeaOAuth1 } from './cardea.ts'
import { cardeaResource } from './cardea-resource.ts'
import { floor } from './floor.ts'
import { nodeOauth2Server } from './node-oauth2-server.ts'
import { oauthorize } from './oauthorize.ts'
import { oidcProvider, oidcProviderExtensions } from './oidc-provider.ts'
import type { BenchmarkServer } from './server.ts'

export const servers: readonly BenchmarkServer[] = [
  floor,
  cardea,
  cardeaResource,
  cardeaOAuth1,
  cardeaExtensions,
  oidcProvider,
  oidcProviderExtensions,
  nodeOauth2Server,
  oauthorize,
]
