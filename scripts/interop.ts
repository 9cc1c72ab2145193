import { installed, type Machine, missingPackages } from './distribution-packages.ts'

/** Clients and caches of other authors, and what it takes to build and run them. */
export const interopPackages = [
  'python3-requests-oauthlib',
  'python3-authlib',
  'python3-requests',
  'libnet-oauth-perl',
  'libcrypt-openssl-rsa-perl',
  'ruby-oauth',
  'liboauth-dev',
  'libc6-dev',
  'gcc',
  'redis-server',
  'memcached',
] as const

export const missingClients = (packages: readonly string[]): string =>
  [
    `Programs of other authors are missing and could not be installed: ${packages.join(', ')}.`,
    `Install them (Debian, Ubuntu: \`sudo apt-get install ${packages.join(' ')}\`),`,
    'or leave these tests out: `npm test -- --without interop`.',
  ].join('\n')

/** Installs what is missing where that needs no password. Returns what is missing still. */
export async function interopClients(machine: Machine): Promise<readonly string[]> {
  const missing = await missingPackages(machine, interopPackages)
  if (missing.length === 0) return missing
  await installed(machine, missing, `Programs of other authors are not here (${missing.join(', ')})`)
  return missingPackages(machine, interopPackages)
}
