import { calculateJwkThumbprint } from 'jose'
import type { PublicJwk } from './verification-key.ts'

/** RFC 7638: the SHA-256 thumbprint of a key, base64url. Throws for a JWK that lacks a required member. */
export const jwkThumbprint = (jwk: PublicJwk): Promise<string> => calculateJwkThumbprint(jwk, 'sha256')
