import proxyAddr from 'proxy-addr'

/**
 * Decides which peers may say for whom they speak.
 * @throws TypeError for an entry that is not an address, a range or a named range
 */
export function trustedProxies(list: readonly string[]): (address: string) => boolean {
  const trust = proxyAddr.compile([...list])
  return (address) => trust(address, 0)
}
