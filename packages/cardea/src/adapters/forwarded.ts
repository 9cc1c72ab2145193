/** Whether an address is that of a proxy the operator trusts. */
export type TrustProxy = (address: string) => boolean

const trustNobody: TrustProxy = () => false

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
  if (address === undefined || !trust(address)) return { address, proto: undefined, trusted: false }
  const hops = (forwardedFor ?? '')
    .split(',')
    .map((hop) => withoutPort(hop.trim()))
    .filter((hop) => hop !== '')
  const client = hops.findLast((hop) => !trust(hop)) ?? hops[0] ?? address
  const proto = forwardedProto?.split(',').at(-1)?.trim().toLowerCase()
  return { address: client, proto, trusted: true }
}

export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/.test(address)
