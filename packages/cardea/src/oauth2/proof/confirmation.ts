import { isJsonObject } from '../../core/crypto/jose/strict-json.ts'
import { type Client, isConfidential } from '../../core/model/client.ts'
import type { Confirmation } from '../../core/model/grant-facts.ts'
import { invalidGrant } from '../../core/spec/errors.ts'

const members = ['jkt', 'x5t#S256'] as const

/** RFC 7800 §3.1: undefined for what is bound in a way that nobody here can check. */
export function confirmationFrom(cnf: unknown): Confirmation | undefined {
  const given = isJsonObject(cnf) ? Object.entries(cnf) : []
  const isSound =
    given.length > 0 &&
    given.every(([name, value]) => members.some((known) => known === name) && typeof value === 'string')
  return isSound ? (cnf as Confirmation) : undefined
}

/** Whether everything that `held` is bound to is proved. What is bound to nothing needs no proof. */
export const isConfirmed = (held: Confirmation | undefined, proved: Confirmation | undefined): boolean =>
  held === undefined || members.every((member) => held[member] === undefined || held[member] === proved?.[member])

/**
 * RFC 9449 §10: what a code or an allowance is bound to, only the holder of that key may redeem.
 * @throws ProtocolError `invalid_grant`
 */
export function mustBeConfirmed(held: Confirmation | undefined, proved: Confirmation | undefined): void {
  if (!isConfirmed(held, proved)) throw invalidGrant('bound_to_another_key', 'This is bound to another key')
}

/**
 * RFC 9449 §5, RFC 8705 §4: the refresh token of a public client is bound to its key. One that authenticates may use a new
 * key, but not none: tokens that anybody can use would come of those that nobody else can.
 * @throws ProtocolError `invalid_grant`
 */
export function mayRefresh(client: Client, held: Confirmation | undefined, proved: Confirmation | undefined): void {
  if (!isConfidential(client)) mustBeConfirmed(held, proved)
  const dropped = members.some((member) => held?.[member] !== undefined && proved?.[member] === undefined)
  if (dropped) throw invalidGrant('bound_token_without_proof', 'This refresh token needs proof of possession')
}
