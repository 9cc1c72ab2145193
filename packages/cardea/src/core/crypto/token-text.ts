import { hash } from 'node:crypto'
import type { TokenDigest } from '../model/digest.ts'
import { digestOf } from './digest.ts'
import { randomText } from './random.ts'

/**
 * Prefix of each kind of secret: lets secret scanners find leaks and keeps kinds from being taken for one another
 * (a code is never looked up among tokens).
 */
export const tokenPrefix = {
  access: 'cat_',
  refresh: 'crt_',
  code: 'cac_',
  session: 'cse_',
  browser: 'cbr_',
  clientSecret: 'csc_',
} as const

export type TokenKind = keyof typeof tokenPrefix

const bodyLength = 43
const checkLength = 6

const checksum = (text: string): string => hash('sha256', text, 'base64url').slice(0, checkLength)

/** Prefix, 256 bits, checksum. */
export const tokenFrom = (kind: TokenKind, body: string): string => {
  const text = tokenPrefix[kind] + body
  return text + checksum(text)
}

export const mintToken = (kind: TokenKind): string => tokenFrom(kind, randomText(32))

export function isWellFormed(kind: TokenKind, presented: string): boolean {
  const prefix = tokenPrefix[kind]
  if (presented.length !== prefix.length + bodyLength + checkLength || !presented.startsWith(prefix)) return false
  const end = prefix.length + bodyLength
  return checksum(presented.slice(0, end)) === presented.slice(end)
}

/** Digest to look a presented token up by, or undefined for what we never issued: garbage costs no query. */
export const lookupDigest = (kind: TokenKind, presented: string): TokenDigest | undefined =>
  isWellFormed(kind, presented) ? digestOf(presented) : undefined
