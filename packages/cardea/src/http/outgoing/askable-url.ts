import type { Outgoing } from './outgoing.ts'
import { OutgoingFailed } from './outgoing-failed.ts'

/**
 * Found out when the server starts instead of when the document is needed.
 * @param option name of the option, for the message
 * @throws TypeError for an address that this server never asks
 */
export function mustBeAskable(option: string, url: unknown, { check }: Outgoing): void {
  try {
    check(String(url))
  } catch (error) {
    if (!(error instanceof OutgoingFailed)) throw error
    const host = error.problem === 'forbidden_address' ? ', unless outgoing.allowHosts names its host' : ''
    throw new TypeError(
      `${option}: must be an https URL that leads to the Internet${host}, got ${JSON.stringify(url)} (${error.problem})`,
    )
  }
}
