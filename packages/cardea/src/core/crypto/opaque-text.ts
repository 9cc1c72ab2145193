import { randomInt } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Without those that are taken for one another when read from a screen. */
const readable = 'BCDFGHJKLMNPQRSTVWXZ23456789'

const drawn = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

/** Random letters and digits, evenly drawn. 42 of them hold 250 bits. */
export const opaqueText = (length: number): string => drawn(letters, length)

/** Random characters for a person to type in. 8 of them hold 38 bits: guesses have to be limited. */
export const readableText = (length: number): string => drawn(readable, length)
