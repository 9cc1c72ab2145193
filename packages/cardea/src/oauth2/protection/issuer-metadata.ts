import { isJsonObject, type JsonObject } from '../../core/crypto/jose/strict-json.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import { OutgoingFailed } from '../../http/outgoing/outgoing-failed.ts'
import { type RemoteDocument, remoteDocument } from '../../http/outgoing/remote-document.ts'
import { jsonFrom } from '../../http/outgoing/remote-keys.ts'

export interface RemoteParts {
  readonly outgoing: Outgoing
  readonly clock: Clock
}

/** RFC 8414 §3.1 puts the well-known part before the issuer's path, OpenID Connect Discovery §4 behind it. */
function addressesFor(issuer: string): readonly [oauth: string, openId: string] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname === '/' ? '' : pathname
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path.replace(/\/$/, '')}/.well-known/openid-configuration`,
  ]
}

/** RFC 8414 §3.3: another server's document must not speak for this issuer. */
function metadataFrom(body: string, issuer: string): JsonObject {
  const document = jsonFrom(body)
  if (!isJsonObject(document) || document.issuer !== issuer) throw new Error('not the metadata of this issuer')
  return document
}

const accept = ['application/json'] as const

/**
 * What an issuer publishes about itself, kept for a while: RFC 8414, or OpenID Connect Discovery where there is no such
 * document. Throws TypeError for what cannot be an issuer.
 */
export function issuerMetadata(issuer: string, parts: RemoteParts): () => Promise<JsonObject> {
  const url = URL.parse(issuer)
  if (url === null || url.search !== '' || url.hash !== '' || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`issuer: needs an https URL without query and fragment, got ${JSON.stringify(issuer)}`)
  }
  const parse = (body: string): JsonObject => metadataFrom(body, issuer)
  const at = (address: string): RemoteDocument<JsonObject> => remoteDocument({ ...parts, url: address, accept, parse })
  const [oauth, openId] = addressesFor(issuer).map(at) as [RemoteDocument<JsonObject>, RemoteDocument<JsonObject>]
  let answering = oauth
  return async () => {
    try {
      return await answering.get()
    } catch (error) {
      // The server is there, and this document is not.
      const isAbsent =
        error instanceof OutgoingFailed && ['wrong_status', 'wrong_type', 'redirected'].includes(error.problem)
      if (answering !== oauth || !isAbsent) throw error
      const document = await openId.get()
      answering = openId
      return document
    }
  }
}

/** An address out of the metadata. Throws `OutgoingFailed` where there is none. */
export function addressIn(metadata: JsonObject, name: string, issuer: string): string {
  const address = metadata[name]
  if (typeof address === 'string') return address
  throw new OutgoingFailed('malformed', new URL(issuer).host, { cause: new Error(`the metadata names no ${name}`) })
}
