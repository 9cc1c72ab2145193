/**
 * The passwords found most often in breaches, in lower case: they are what an attacker tries first (OWASP ASVS 6.2.4).
 * Read when a password is set and only then, since the list takes 15 MB of memory.
 */
export async function commonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}
