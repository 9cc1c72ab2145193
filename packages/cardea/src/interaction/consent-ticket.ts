import { digestOf, equalInConstantTime } from '../core/crypto/digest.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { Interaction } from '../core/model/interaction.ts'
import type { Engine } from '../core/ports/engine.ts'
import { invalidRequest, type ProtocolError } from '../core/spec/errors.ts'

const purpose = 'consent ticket'

/** Stands in for the browser: a request that a host's own page shows belongs to the user it was shown to. */
export const holderOf = (userId: string): TokenDigest => digestOf(`host user ${userId}`)

const textOf = (id: string, userId: string): string => `${id} ${userId}`

/** What the host's form brings back: names the stored request, and nobody but this user can use it. */
export const ticketFor = (engine: Engine, { id }: Interaction, userId: string): string =>
  `${id}.${engine.keyring.mac(purpose, textOf(id, userId))}`

/** The same words for altered, made up and another user's, so that nobody learns which there are. */
const unknown = (reason: string): ProtocolError =>
  invalidRequest(
    reason,
    'This page does not belong to you or to no request. Go back to the application and start again',
  )

export const expired = (): ProtocolError =>
  invalidRequest('ticket_expired', 'This request has expired. Go back to the application and start again')

export const spent = (): ProtocolError =>
  invalidRequest('ticket_spent', 'This request has been answered already', { status: 410 })

/**
 * The request that a ticket of this user names, if it can still be answered.
 * @throws ProtocolError `invalid_request`, never to be redirected
 */
export async function ticketed(engine: Engine, ticket: string, userId: string): Promise<Interaction> {
  // Of a form that a host's parser has read, anything can come: lists and objects too.
  if (typeof ticket !== 'string') throw unknown('ticket_unknown')
  const dot = ticket.indexOf('.')
  const id = ticket.slice(0, Math.max(dot, 0))
  const presented = ticket.slice(dot + 1)
  const isOurs = engine.keyring.macs(purpose, textOf(id, userId)).some((mac) => equalInConstantTime(mac, presented))
  if (!isOurs) throw unknown('ticket_unknown')
  const interaction = await engine.store.interactions.find(id)
  if (interaction === undefined) throw expired()
  if (interaction.browser !== holderOf(userId)) throw unknown('ticket_unknown')
  if (engine.clock.now() >= interaction.expiresAt) throw expired()
  if (interaction.takenAt !== undefined) throw spent()
  return interaction
}
