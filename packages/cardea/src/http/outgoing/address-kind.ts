import { ipv6Groups } from '../network.ts'

/**
 * What an address leads to. `public`: somewhere on the Internet. `loopback` and `private`: this machine and the networks
 * around it. `special`: nowhere that anybody may mean: link-local (where clouds keep their metadata), multicast,
 * documentation, translation and tunnels.
 */
export type AddressKind = 'public' | 'loopback' | 'private' | 'special'

type Range = readonly [address: string, bits: number, kind: Exclude<AddressKind, 'public'>]

/** RFC 6890 and the IANA registry of special-purpose addresses. */
const ranges4: readonly Range[] = [
  ['127.0.0.0', 8, 'loopback'],
  ['10.0.0.0', 8, 'private'],
  ['172.16.0.0', 12, 'private'],
  ['192.168.0.0', 16, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['0.0.0.0', 8, 'special'],
  ['169.254.0.0', 16, 'special'],
  ['192.0.0.0', 24, 'special'],
  ['192.0.2.0', 24, 'special'],
  ['192.31.196.0', 24, 'special'],
  ['192.52.193.0', 24, 'special'],
  ['192.88.99.0', 24, 'special'],
  ['192.175.48.0', 24, 'special'],
  ['198.18.0.0', 15, 'special'],
  ['198.51.100.0', 24, 'special'],
  ['203.0.113.0', 24, 'special'],
  ['224.0.0.0', 3, 'special'],
]

/** Of the rest, only 2000::/3 is routed on the Internet at all. */
const ranges6: readonly Range[] = [
  ['::1', 128, 'loopback'],
  ['fc00::', 7, 'private'],
  ['2001::', 23, 'special'],
  ['2001:db8::', 32, 'special'],
  ['2002::', 16, 'special'],
  ['2620:4f:8000::', 48, 'special'],
  ['3fff::', 20, 'special'],
]

function ipv4Octets(text: string): readonly number[] | undefined {
  if (!/^(?:\d{1,3}\.){3}\d{1,3}$/.test(text)) return undefined
  const octets = text.split('.').map(Number)
  return octets.every((octet) => octet < 256) ? octets : undefined
}

const bitsOf = (numbers: readonly number[], width: number): string =>
  numbers.map((number) => number.toString(2).padStart(width, '0')).join('')

const prefixes = (ranges: readonly Range[], bits: (address: string) => string) =>
  ranges.map(([address, length, kind]) => ({ prefix: bits(address).slice(0, length), kind }))

const bits4 = (address: string): string => bitsOf(ipv4Octets(address) ?? [], 8)
const bits6 = (address: string): string => bitsOf(ipv6Groups(address) ?? [], 16)
const prefixes4 = prefixes(ranges4, bits4)
const prefixes6 = prefixes(ranges6, bits6)
/** RFC 6052 §2.1: what a translator on an IPv6-only network turns into the IPv4 address behind it. */
const nat64 = bits6('64:ff9b::').slice(0, 96)
const routed = bits6('2000::').slice(0, 3)

const kindIn = (table: ReturnType<typeof prefixes>, bits: string): AddressKind | undefined =>
  table.find(({ prefix }) => bits.startsWith(prefix))?.kind

function kindOf4(bits: string): AddressKind {
  return kindIn(prefixes4, bits) ?? 'public'
}

/** The kind of an IPv4 or IPv6 address in any spelling; `special` for what is no address. */
export function addressKind(address: string): AddressKind {
  const octets = ipv4Octets(address)
  if (octets !== undefined) return kindOf4(bitsOf(octets, 8))
  const groups = ipv6Groups(address)
  if (groups === undefined) return 'special'
  const bits = bitsOf(groups, 16)
  if (bits.startsWith(nat64)) return kindOf4(bits.slice(96)) === 'public' ? 'public' : 'special'
  // IPv4-mapped addresses are among the others: nobody publishes one, and they say 127.0.0.1 in another way.
  return kindIn(prefixes6, bits) ?? (bits.startsWith(routed) ? 'public' : 'special')
}

/** The address when a URL names one instead of a host, without its brackets. */
export function literalAddress(hostname: string): string | undefined {
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  return ipv4Octets(hostname) === undefined ? undefined : hostname
}
