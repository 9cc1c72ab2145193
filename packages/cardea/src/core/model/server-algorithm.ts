import type { SigningAlgorithm } from '../crypto/jose/algorithms.ts'

/** JWS algorithms this server signs with (RFC 7518 §3.1, RFC 8037 §3.1). */
export const serverAlgorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const satisfies readonly SigningAlgorithm[]

/** One of the algorithms this server signs with. */
export type ServerAlgorithm = (typeof serverAlgorithms)[number]

/** Whether this server signs with that algorithm. */
export const isServerAlgorithm = (name: unknown): name is ServerAlgorithm =>
  serverAlgorithms.some((known) => known === name)
