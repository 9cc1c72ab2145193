/** The eight groups of an IPv6 address in any spelling, or undefined when it is none. */
export function ipv6Groups(text: string): readonly number[] | undefined {
  const [address = ''] = text.split('%', 1)
  if (!/^[\da-f:.]+$/i.test(address) || !URL.canParse(`http://[${address}]`)) return undefined
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groupsOf = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)))
  const left = groupsOf(head)
  if (tail === undefined) return left
  const right = groupsOf(tail)
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
}

const isMappedIpv4 = (groups: readonly number[]): boolean =>
  groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)

/**
 * What limits count by: an IPv4 address, or the /64 of an IPv6 one, since one subscriber owns a whole /64 and would
 * otherwise have 2^64 addresses to guess from. Every spelling of one address gives the same.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const groups = address.includes(':') ? ipv6Groups(address) : undefined
  if (groups === undefined) return address
  if (isMappedIpv4(groups)) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.')
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}
