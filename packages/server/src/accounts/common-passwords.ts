/** Characters of the longest password in the list. */
export const longestCommonPassword = 20

const none: ReadonlySet<string> = new Set()

/**
 * The passwords found most often in breaches, in lower case: they are what an attacker tries first (OWASP ASVS 6.2.4).
 * Read when one of `passwords` is short enough to be among them and only then, since the list takes 15 MB of memory.
 */
export async function commonPasswords(...passwords: readonly string[]): Promise<ReadonlySet<string>> {
  if (passwords.every((password) => password.normalize('NFKC').length > longestCommonPassword)) return none
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}
