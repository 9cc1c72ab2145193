import type { Client } from '../model/client.ts'

/** Where a request that names a client comes from. */
export interface ClientAsked {
  /** Of whoever sent it. */
  readonly remoteAddress?: string | undefined
}

/**
 * The client that a request names; also finds a disabled one. Elsewhere, the id of a client comes out of the store, and
 * `store.clients` is asked.
 */
export type FindClient = (clientId: string, asked: ClientAsked) => Promise<Client | undefined>
