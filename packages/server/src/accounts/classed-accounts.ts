import type { Accounts } from 'cardea'

/**
 * Says of every sign-in by password which class it is of (RFC 9470): the first one that is wanted and that it counts as, or else
 * the first it counts as.
 */
export function classedAccounts(accounts: Accounts, classes: readonly string[] | undefined): Accounts {
  const [usual] = classes ?? []
  if (classes === undefined || usual === undefined) return accounts
  return {
    ...accounts,
    async authenticate(username, password, wanted) {
      const user = await accounts.authenticate(username, password, wanted)
      const acr = wanted?.acrValues.find((name) => classes.includes(name)) ?? usual
      return user && { ...user, acr, amr: ['pwd'] }
    },
  }
}
