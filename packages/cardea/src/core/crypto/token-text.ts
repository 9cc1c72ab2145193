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
  pushedRequest: 'cpr_',
  registration: 'crg_',
  initialAccess: 'cia_',
  device: 'cdc_',
} as const

export type TokenKind = keyof typeof tokenPrefix

/** Characters of 256 bits. */
export const tokenBodyLength = 43
const checkLength = 6
/** 128 bits, and what RFC 6750 leaves room for in a header. */
const shortestBody = 22
const longestToken = 512

const checksum = (text: string): string => hash('sha256', text, 'base64url').slice(0, checkLength)

/** Prefix, 256 bits, checksum. */
export const tokenFrom = (kind: TokenKind, body: string): string => {
  const text = tokenPrefix[kind] + body
  return text + checksum(text)
}

/** @param length of the whole text, 32 to 512 characters */
export function mintToken(kind: TokenKind, length?: number): string {
  if (length === undefined) return tokenFrom(kind, randomText(32))
  const body = length - tokenPrefix[kind].length - checkLength
  return tokenFrom(kind, randomText(Math.ceil((body * 3) / 4)).slice(0, body))
}

/** Lengths are an option for these, so that any they may have had is taken. */
const hasLength = (kind: TokenKind, body: number): boolean =>
  kind === 'access' || kind === 'refresh' ? body >= shortestBody : body === tokenBodyLength

export function isWellFormed(kind: TokenKind, presented: string): boolean {
  const prefix = tokenPrefix[kind]
  if (presented.length > longestToken || !presented.startsWith(prefix)) return false
  const end = presented.length - checkLength
  return hasLength(kind, end - prefix.length) && checksum(presented.slice(0, end)) === presented.slice(end)
}

/** Digest to look a presented token up by, or undefined for what we never issued: garbage costs no query. */
export const lookupDigest = (kind: TokenKind, presented: string): TokenDigest | undefined =>
  isWellFormed(kind, presented) ? digestOf(presented) : undefined
