import { digestOf } from '../../core/crypto/digest.ts'
import { consonants, digits, typedText } from '../../core/crypto/opaque-text.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { Engine } from '../../core/ports/engine.ts'

/** Which characters user codes are made of (RFC 8628 §6.1). */
export type UserCodeKind = 'letters' | 'digits'

interface Shape {
  readonly alphabet: Parameters<typeof typedText>[0]
  readonly length: number
  /** Characters between two hyphens. */
  readonly group: number
}

/**
 * Both hold more than 34 bits, which the limits of guesses are made for. Nine digits, as in the example of RFC 8628 §6.1,
 * would hold 30.
 */
export const userCodeKinds: Readonly<Record<UserCodeKind, Shape>> = {
  letters: { alphabet: consonants, length: 8, group: 4 },
  digits: { alphabet: digits, length: 12, group: 3 },
}

/** As it is compared: without separators. */
export const newUserCode = (kind: UserCodeKind): string =>
  typedText(userCodeKinds[kind].alphabet, userCodeKinds[kind].length)

/** As people read it: in groups. */
export function shownUserCode(kind: UserCodeKind, code: string): string {
  const { group } = userCodeKinds[kind]
  return code.match(new RegExp(`.{1,${group}}`, 'g'))?.join('-') ?? code
}

/**
 * RFC 8628 §6.1: what a person has typed, whatever its case and separators; full-width characters of other keyboards too.
 * Undefined: it cannot be a code of this kind.
 */
export function typedUserCode(kind: UserCodeKind, typed: string): string | undefined {
  const { alphabet, length } = userCodeKinds[kind]
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
  return code.length === length && [...code].every((character) => alphabet.includes(character)) ? code : undefined
}

/**
 * What a code is found by; several while a secret is rotated, the current one first. Under the server's key, because
 * 34 bits could be tried out on a plain digest by whoever reads the database.
 */
export const userCodeDigests = (engine: Engine, code: string): readonly TokenDigest[] =>
  engine.keyring.macs('user code', code).map(digestOf)

/** What a new code is kept under. */
export const userCodeDigest = (engine: Engine, code: string): TokenDigest =>
  digestOf(engine.keyring.mac('user code', code))
