import type { SigningAlgorithm } from '../crypto/jose/algorithms.ts'
import type { KeyEncryption } from '../crypto/jose/decrypt-jwe.ts'

/** JWS algorithms this server signs with (RFC 7518 §3.1, RFC 8037 §3.1). */
export const serverAlgorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const satisfies readonly SigningAlgorithm[]

/** One of the algorithms this server signs with. */
export type ServerAlgorithm = (typeof serverAlgorithms)[number]

/** Whether this server signs with that algorithm. */
export const isServerAlgorithm = (name: unknown): name is ServerAlgorithm =>
  serverAlgorithms.some((known) => known === name)

/** JWE algorithms by which others encrypt to this server: one for those that have RSA only, and one for all others. */
export const serverEncryptions = ['RSA-OAEP-256', 'ECDH-ES'] as const satisfies readonly KeyEncryption[]

/** One of the algorithms by which others encrypt to this server. */
export type ServerEncryption = (typeof serverEncryptions)[number]

/** Whether this server has keys of that algorithm to encrypt to. */
export const isServerEncryption = (name: unknown): name is ServerEncryption =>
  serverEncryptions.some((known) => known === name)
