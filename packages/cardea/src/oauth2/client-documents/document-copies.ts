import { keepLatest } from '../../core/keep-latest.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import { type RemoteDocument, remoteDocument } from '../../http/outgoing/remote-document.ts'
import { type ClientDocument, clientDocumentFrom } from './client-document.ts'

/** Copies that one process keeps; the one that was asked for least recently goes first. */
const most = 1000

/** client-id-metadata-document §4.1: more special types too, as long as they are JSON. */
const accept = ['application/json', 'application/*+json'] as const

/** client-id-metadata-document §6.6. */
const mostBytes = 5120

/** Errors are not kept (§4.4); what is stored of the client outlives an outage, not this copy. */
const freshness = { failure: 0, stale: 0 } as const

/**
 * Documents about clients, each fetched by one request for all that wait for it. `beforeFetch` may reject: then nothing is
 * fetched, and no copy of another document makes room.
 */
export function documentCopies(parts: { readonly outgoing: Outgoing; readonly clock: Clock }) {
  const copies = new Map<string, RemoteDocument<ClientDocument>>()
  const newCopy = (clientId: string): RemoteDocument<ClientDocument> =>
    remoteDocument({
      url: clientId,
      outgoing: parts.outgoing,
      clock: parts.clock,
      accept,
      maxBytes: mostBytes,
      freshness,
      parse: (text) => clientDocumentFrom(text, clientId),
    })
  return async (clientId: string, beforeFetch: () => Promise<void>): Promise<ClientDocument> => {
    if (copies.get(clientId)?.isFresh() !== true) await beforeFetch()
    const copy = copies.get(clientId) ?? newCopy(clientId)
    keepLatest(copies, clientId, copy, most)
    return copy.get()
  }
}
