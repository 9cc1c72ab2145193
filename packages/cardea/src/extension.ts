import type { KeySource } from './core/crypto/jose/key-source.ts'
import type { Engine } from './core/ports/engine.ts'
import type { Outgoing } from './http/outgoing/outgoing.ts'
import type { Route } from './http/router.ts'
import type { Present } from './interaction/presenter.ts'
import type { InteractionProtocol } from './interaction/protocol.ts'
import type { OwnEndpoint } from './named-endpoints.ts'
import type { FactReader } from './oauth2/authorize/fact-reader.ts'
import type { OriginRule, RequestSource } from './oauth2/authorize/request-source.ts'
import type { ResponseMode } from './oauth2/authorize/response-mode.ts'
import type { AuthorizationChecks } from './oauth2/authorize/validate.ts'
import type { ClientAuthMethod } from './oauth2/client-auth/method.ts'
import type { KeySetAt } from './oauth2/encrypted-for.ts'
import type { Endpoint } from './oauth2/endpoint.ts'
import type { ProofReader } from './oauth2/proof/proof-reader.ts'
import type { Grant } from './oauth2/token/grant.ts'
import type { ProviderOptions } from './options.ts'
import type { Paths } from './paths.ts'
import type { Refusals } from './refusals.ts'

/** What an extension is made from. */
export interface ExtensionParts {
  readonly engine: Engine
  readonly options: ProviderOptions
  readonly paths: Paths
  readonly present: Present
  readonly refusals: Refusals
  /** The one door to other servers. */
  readonly outgoing: Outgoing
  /** The keys at a `jwks_uri`, kept for all who ask for them. */
  readonly keysAt: (url: string) => KeySource
  /** The same as they are published, to encrypt to. */
  readonly keySetAt: KeySetAt
}

/** Members of the server metadata (RFC 8414 §2). */
export type ServerMetadata = Readonly<Record<string, unknown>>

/** A feature of OAuth 2 that can be on or off as a whole: everything it adds, in one place. */
export interface Extension {
  readonly grants?: readonly Grant[]
  readonly clientAuthMethods?: readonly ClientAuthMethod[]
  /** For one grant of the token endpoint only: no client is registered for them, and the metadata name none. */
  readonly tokenAuthMethods?: readonly ClientAuthMethod[]
  /** With a path each; what they say of themselves is part of the metadata. */
  readonly endpoints?: readonly Endpoint[]
  /** What is no endpoint of an API: pages, documents at well-known paths. */
  readonly routes?: readonly Route[]
  readonly factReaders?: readonly FactReader[]
  readonly requestSources?: readonly RequestSource[]
  /** Ways to prove possession of a key that tokens are bound to. */
  readonly proofReaders?: readonly ProofReader[]
  readonly originRules?: readonly OriginRule[]
  readonly responseModes?: readonly ResponseMode[]
  readonly interactions?: readonly InteractionProtocol[]
  /** Endpoints that check authorization requests, by what all extensions together say of these. */
  checkingEndpoints?(checks: AuthorizationChecks): readonly OwnEndpoint[]
  /** Endpoints that hold what is registered against what the server says of itself, at the time of the request. */
  describedEndpoints?(metadata: () => Promise<ServerMetadata>): readonly OwnEndpoint[]
  /** Deletes what is over and what no store knows to be, `limit` looked at; returns how many went. */
  sweep?(at: number, limit: number): Promise<number>
  /** Given what the engine and its endpoints say of themselves. */
  metadata?(others: ServerMetadata): ServerMetadata | Promise<ServerMetadata>
}

/** Undefined: it is off. */
export type MakeExtension = (parts: ExtensionParts) => Extension | undefined
