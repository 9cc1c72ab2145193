import type { Brand } from './brand.ts'

/** base64url of a SHA-256. Stores accept nothing else, so that no raw token, code or cookie can reach a table or a log. */
export type TokenDigest = Brand<string, 'TokenDigest'>
