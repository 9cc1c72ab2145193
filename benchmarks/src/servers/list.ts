import { cardea } from './cardea.ts'
import { cardeaResource } from './cardea-resource.ts'
import { floor } from './floor.ts'
import { nodeOauth2Server } from './node-oauth2-server.ts'
import { oidcProvider } from './oidc-provider.ts'
import type { BenchmarkServer } from './server.ts'

export const servers: readonly BenchmarkServer[] = [floor, cardea, cardeaResource, oidcProvider, nodeOauth2Server]
