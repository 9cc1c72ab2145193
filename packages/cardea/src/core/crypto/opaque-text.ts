import { mostBytes, randomBuffer } from './random.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Without those that are taken for one another when read from a screen. */
const readable = 'BCDFGHJKLMNPQRSTVWXZ23456789'

function drawn(alphabet: string, length: number): string {
  const { length: size } = alphabet
  // Bytes from here on are thrown away: with them, the first letters would be drawn more often than the last.
  const end = 256 - (256 % size)
  let text = ''
  while (text.length < length) {
    for (const byte of randomBuffer(Math.min(length - text.length, mostBytes)))
      if (byte < end) text += alphabet[byte % size]
  }
  return text
}

/** Random letters and digits, evenly drawn. 42 of them hold 250 bits. */
export const opaqueText = (length: number): string => drawn(letters, length)

/** RFC 8628 §6.1: no vowels, which would make words, and none that is taken for another. */
export const consonants = 'BCDFGHJKLMNPQRSTVWXZ'
/** For devices of people who have a number pad. */
export const digits = '0123456789'

/** Random characters of one of these. 8 consonants hold 34.5 bits, 12 digits 39.8: guesses have to be limited. */
export const typedText = (alphabet: typeof consonants | typeof digits, length: number): string =>
  drawn(alphabet, length)

/** Random characters for a person to type in. 8 of them hold 38 bits: guesses have to be limited. */
export const readableText = (length: number): string => drawn(readable, length)
