import type { Authorization, Consent } from '../model/authorization.ts'
import type { PageRequest } from './page.ts'

/** What resource owners allowed. New ones come into being through the ledger only. */
export interface Authorizations {
  /** By id; also finds one that has ended, until it is swept. */
  find(id: string): Promise<Authorization | undefined>
  /** Newest first is not promised: ordered by id. */
  list(filter: { clientId?: string; userId?: string }, page: PageRequest): Promise<Authorization[]>
  /**
   * Atomic and durable: when it returns, no token or token credential under the authorization is valid and none can be
   * saved under it. Of an authorization that does not exist (yet) nothing is remembered; returns whether one was newly
   * revoked.
   */
  revoke(id: string, at: number): Promise<boolean>
  /**
   * Atomic: also forgets the user's consents, unredeemed codes and the temporary credentials they approved that were not
   * exchanged, for one client or for all. Returns how many authorizations ended.
   */
  revokeByUser(userId: string, at: number, clientId?: string): Promise<number>
  /**
   * Atomic: ends every authorization of the client with all tokens and token credentials below it, its access tokens
   * that stand alone or below the authorization of another client (RFC 8693), its unredeemed codes and its temporary
   * credentials that were not exchanged, and begins a new generation of it (`UnkeptTokens`). Consents stay, and so does
   * the client. Returns how many authorizations ended.
   */
  revokeByClient(clientId: string, at: number): Promise<number>
}

/** Remembered decisions. Saved through the ledger, forgotten by `Authorizations.revokeByUser`. */
export interface Consents {
  /** What the user has allowed the client before. */
  find(userId: string, clientId: string): Promise<Consent | undefined>
}
