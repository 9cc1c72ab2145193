import type { Client } from '../model/client.ts'
import type { PageRequest } from './page.ts'

/** Registered applications. */
export interface Clients {
  /** By `client_id`; also finds a disabled one. */
  find(clientId: string): Promise<Client | undefined>
  /** In the order of their ids, a page at a time. */
  list(page: PageRequest): Promise<Client[]>
  /**
   * Creates or replaces. Atomic with its consequence: saving a client as `disabled` revokes every authorization, access
   * token, token credential, code and temporary credential it has, and begins a new generation (`UnkeptTokens`).
   */
  save(client: Client): Promise<void>
  /**
   * Atomic: replaces `before`, as it was found, by a record of the same id. False where it is another by now, or gone:
   * nothing is saved then, so that no change is lost and nobody who was deleted or disabled comes back.
   */
  replace(before: Client, after: Client): Promise<boolean>
  /**
   * Atomic: the client and everything issued to it are gone together, and a new generation begins (`UnkeptTokens`). Returns
   * whether there was one.
   */
  delete(clientId: string): Promise<boolean>
}
