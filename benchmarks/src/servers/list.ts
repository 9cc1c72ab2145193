import { cardea, cardeaOAuth1 } from './cardea.ts'
import { cardeaResource } from './cardea-resource.ts'
import { floor } from './floor.ts'
import { nodeOauth2Server } from './node-oauth2-server.ts'
import { oauthorize } from './oauthorize.ts'
import { oidcProvider } from './oidc-provider.ts'
import type { BenchmarkServer } from './server.ts'

export const servers: readonly BenchmarkServer[] = [
  floor,
  cardea,
  cardeaResource,
  cardeaOAuth1,
  oidcProvider,
  nodeOauth2Server,
  oauthorize,
]
