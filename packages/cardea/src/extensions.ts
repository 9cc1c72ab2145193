import { clientAssertionsFeature } from './client-assertions-feature.ts'
import { clientDocumentsFeature } from './client-documents-feature.ts'
import { describedResources } from './described-resources.ts'
import { deviceGrantFeature } from './device-grant-feature.ts'
import type { Extension, ExtensionParts, MakeExtension, ServerMetadata } from './extension.ts'
import { jwtBearerFeature } from './jwt-bearer-feature.ts'
import { keySet } from './key-set.ts'
import { mutualTlsFeature } from './mutual-tls-feature.ts'
import { pushedRequestsFeature } from './pushed-requests-feature.ts'
import { registrationFeature } from './registration-feature.ts'
import { requestObjectsFeature } from './request-objects-feature.ts'
import { resourceIndicators } from './resource-indicators.ts'
import { richAuthorizationFeature } from './rich-authorization-feature.ts'
import { certificateBoundTokens, dpopFeature } from './sender-constraint-feature.ts'
import { signatureAlgorithms } from './signature-algorithms.ts'
import { signedResponsesFeature } from './signed-responses-feature.ts'
import { stepUp } from './step-up-feature.ts'

import { tokenExchangeFeature } from './token-exchange-feature.ts'

/** Every extension there is: a new one is one line here. */
const all: readonly MakeExtension[] = [
  clientAssertionsFeature,
  mutualTlsFeature,
  jwtBearerFeature,
  tokenExchangeFeature,
  keySet,
  resourceIndicators,
  describedResources,
  pushedRequestsFeature,
  registrationFeature,
  clientDocumentsFeature,
  requestObjectsFeature,
  signedResponsesFeature,
  signatureAlgorithms,
  richAuthorizationFeature,
  dpopFeature,
  certificateBoundTokens,
  stepUp,
  deviceGrantFeature,
]

/** Those that are on. */
export const extensionsFrom = (parts: ExtensionParts): readonly Extension[] =>
  all.map((make) => make(parts)).filter((extension) => extension !== undefined)

type Kinds = {
  readonly [Kind in keyof Extension as NonNullable<Extension[Kind]> extends readonly unknown[]
    ? Kind
    : never]-?: NonNullable<Extension[Kind]> extends readonly (infer Part)[] ? Part : never
}

/** What they all have of one kind, in order. */
export const ofAll = <Kind extends keyof Kinds>(extensions: readonly Extension[], kind: Kind): readonly Kinds[Kind][] =>
  extensions.flatMap((extension) => (extension[kind] ?? []) as readonly Kinds[Kind][])

/** What the engine says of itself, and all that they add to it. */
export async function metadataOfAll(extensions: readonly Extension[], own: ServerMetadata): Promise<ServerMetadata> {
  const said = await Promise.all(extensions.map((extension) => extension.metadata?.(own)))
  return Object.assign({}, own, ...said)
}
