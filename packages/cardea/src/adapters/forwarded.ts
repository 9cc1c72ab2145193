import { type CertificateHeader, certificateFromHeader } from './client-certificate-header.ts'

/** Proxies of the operator, and what they tell of clients besides address and scheme. */
export interface TrustedProxies {
  /** Whether an address is that of one of them. */
  isTrusted(address: string): boolean
  /** Where they hand over the certificate of the client (RFC 9440). Default: nowhere. */
  readonly clientCertificate?: CertificateHeader
}

/** Whether an address is that of a proxy the operator trusts. */
export type TrustProxy = ((address: string) => boolean) | TrustedProxies

const trustNobody: TrustProxy = () => false

const isTrusted = (trust: TrustProxy, address: string): boolean =>
  typeof trust === 'function' ? trust(address) : trust.isTrusted(address)

/** What the header says in which trusted proxies hand certificates over. Ask only where a trusted one has sent the request. */
export function forwardedCertificate(
  trust: TrustProxy | undefined,
  header: (name: string) => string | undefined,
): Uint8Array | undefined {
  const told = typeof trust === 'object' ? trust.clientCertificate : undefined
  const value = told === undefined ? undefined : header(told.name.toLowerCase())
  return told === undefined || value === undefined ? undefined : certificateFromHeader(value, told.format)
}

export interface Peer {
  readonly address: string | undefined
  /** Value of X-Forwarded-Proto, from a trusted proxy only. */
  readonly proto: string | undefined
  readonly trusted: boolean
}

/** Some proxies write the port too: with it, every connection would count as another network. */
const withoutPort = (hop: string): string =>
  /^([\d.]+):\d+$/.exec(hop)?.[1] ?? /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop

/**
 * Whom a request comes from. X-Forwarded-For is read from the right, past trusted proxies only: everything left of the
 * first untrusted address was written by whoever sent the request.
 */
export function peerOf(
  address: string | undefined,
  forwardedFor: string | undefined,
  forwardedProto: string | undefined,
  trust: TrustProxy = trustNobody,
): Peer {
  if (address === undefined || !isTrusted(trust, address)) return { address, proto: undefined, trusted: false }
  const hops = (forwardedFor ?? '')
    .split(',')
    .map((hop) => withoutPort(hop.trim()))
    .filter((hop) => hop !== '')
  const client = hops.findLast((hop) => !isTrusted(trust, hop)) ?? hops[0] ?? address
  const proto = forwardedProto?.split(',').at(-1)?.trim().toLowerCase()
  return { address: client, proto, trusted: true }
}

export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/.test(address)
