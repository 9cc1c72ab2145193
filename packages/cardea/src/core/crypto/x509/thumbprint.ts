import { createHash } from 'node:crypto'

/** RFC 8705 §3.1: SHA-256 of the DER of a certificate, base64url: the value of `x5t#S256`. */
export const certificateThumbprint = (der: Uint8Array): string => createHash('sha256').update(der).digest('base64url')
