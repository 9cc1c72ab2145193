import { keepLatest } from '../../core/keep-latest.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import { OutgoingFailed } from '../../http/outgoing/outgoing-failed.ts'
import { type RemoteDocument, remoteDocument } from '../../http/outgoing/remote-document.ts'
import { invalidRequestUri } from './invalid-object.ts'

/** RFC 9101 §5.2.3, and what older servers say. */
const accept = ['application/oauth-authz-req+jwt', 'application/jwt'] as const
/** Seconds: whoever loads an address again and again makes us no hammer on the client's server. */
const freshness = { least: 5, usual: 5, most: 300, stale: 0, failure: 5 }
const mostBytes = 20_480
const mostKept = 1000

/** Fetches request objects through the one guarded door; those that were asked for last are kept for a few seconds. */
export function objectDocuments(engine: Engine, outgoing: Outgoing): (uri: string) => Promise<string> {
  const kept = new Map<string, RemoteDocument<string>>()
  const documentAt = (url: string): RemoteDocument<string> => {
    const { clock } = engine
    const options = {
      url,
      outgoing,
      clock,
      accept,
      maxBytes: mostBytes,
      freshness,
      parse: (body: string) => body.trim(),
    }
    const document = kept.get(url) ?? remoteDocument(options)
    keepLatest(kept, url, document, mostKept)
    return document
  }
  return async (uri) => {
    try {
      return await documentAt(uri).get()
    } catch (error) {
      if (!(error instanceof OutgoingFailed)) throw error
      await engine.emit({ type: 'remote_unavailable', endpoint: 'request_uri', error })
      throw invalidRequestUri(`request_uri_${error.problem}`, error)
    }
  }
}
