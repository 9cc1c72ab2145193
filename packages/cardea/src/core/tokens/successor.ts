import { digestOf } from '../crypto/digest.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { tokenFrom } from '../crypto/token-text.ts'
import type { TokenDigest } from '../model/digest.ts'

const purpose = 'refresh token successor'

/**
 * The refresh token that follows the presented one: derived, so that a lost answer can be given again from what the
 * client still holds, without any token being stored in clear. Without the server's key it cannot be computed.
 */
export const successorOf = (keyring: Keyring, presented: string): string =>
  tokenFrom('refresh', keyring.mac(purpose, presented))

/** The successor that was given out before, also when the key has been rotated since; undefined when it is not derivable. */
export function successorGivenBefore(keyring: Keyring, presented: string, successor: TokenDigest): string | undefined {
  return keyring
    .macs(purpose, presented)
    .map((mac) => tokenFrom('refresh', mac))
    .find((text) => digestOf(text) === successor)
}
