import { longestSecret } from './argon2-hasher.ts'

export const shortestPassword = 8

/** What is wrong with the length of a password, or undefined. No rules about characters: they make people choose worse. */
export function lengthProblem(password: string): string | undefined {
  const length = [...password].length
  if (length < shortestPassword) return `has ${length} characters; at least ${shortestPassword} are needed`
  if (password.length > longestSecret) return `has more than ${longestSecret} characters`
  return undefined
}

/** What is wrong with a password that is being set, or undefined. Asked of new passwords only: stored ones go on working. */
export function passwordProblem(password: string, common: ReadonlySet<string>): string | undefined {
  return (
    lengthProblem(password) ??
    (common.has(password.normalize('NFKC').toLowerCase())
      ? 'is one of the most common in lists of breached passwords, which are tried first; choose another'
      : undefined)
  )
}
