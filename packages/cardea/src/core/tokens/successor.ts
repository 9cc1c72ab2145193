import { digestOf } from '../crypto/digest.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { tokenBodyLength, tokenFrom } from '../crypto/token-text.ts'
import type { Client } from '../model/client.ts'
import type { RefreshToken } from '../model/token.ts'
import type { Engine } from '../ports/engine.ts'
import type { TokenTextRequest } from '../ports/token-generator.ts'
import { generatedText } from './token-texts.ts'

const purpose = 'refresh token successor'

/** What a refresh token is rotated by. */
export interface Rotated {
  readonly presented: string
  readonly token: RefreshToken
  readonly client: Client
}

/** A longer body takes more MACs: the first carries the 256 bits, the others only fill. */
function bodiesFrom(keyring: Keyring, presented: string, length: number): string[] {
  const blocks = Array.from({ length: Math.ceil(length / tokenBodyLength) }, (_, index) =>
    keyring.macs(index === 0 ? purpose : `${purpose} ${index + 1}`, presented),
  )
  const first = blocks[0] ?? []
  return first.map((_, key) =>
    blocks
      .map((macs) => macs[key] ?? '')
      .join('')
      .slice(0, length),
  )
}

function wantedText({ token, client }: Rotated, random: string): TokenTextRequest {
  const { scope, userId } = token
  const kind = 'refresh'
  return { kind, grantType: 'refresh_token', client, scope, random, ...(userId !== undefined && { userId }) }
}

/** Texts that each of the server's keys leads to, the current key's first. */
function* candidates({ keyring, tokenTexts }: Engine, rotated: Rotated): Generator<string | Promise<string>> {
  const length = tokenTexts?.lengths.refresh
  const bodyLength = length === undefined ? tokenBodyLength : length - tokenFrom('refresh', '').length
  for (const [key, body] of bodiesFrom(keyring, rotated.presented, bodyLength).entries()) {
    const own = (): string => tokenFrom('refresh', body)
    if (tokenTexts === undefined || tokenTexts.generators.size === 0) yield own()
    else {
      const random = keyring.macs(purpose, rotated.presented)[key] ?? ''
      yield generatedText(tokenTexts, wantedText(rotated, random), own)
    }
  }
}

/**
 * The refresh token that follows the presented one: derived, so that a lost answer can be given again from what the
 * client still holds, without any token being stored in clear. Without the server's key it cannot be computed. A
 * promise only where a generator of the host makes it.
 */
export function successorOf(engine: Engine, rotated: Rotated): string | Promise<string> {
  const { keyring, tokenTexts } = engine
  if (tokenTexts === undefined) return tokenFrom('refresh', keyring.mac(purpose, rotated.presented))
  const [first] = candidates(engine, rotated)
  return first as string | Promise<string>
}

/**
 * The successor that was given out before, also when the key has been rotated since; undefined when it is not derivable,
 * as with a generator that uses randomness of its own.
 */
export async function successorGivenBefore(engine: Engine, rotated: Rotated): Promise<string | undefined> {
  for (const made of candidates(engine, rotated)) {
    const text = await made
    if (digestOf(text) === rotated.token.successor) return text
  }
  return undefined
}
