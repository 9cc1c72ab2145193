import { longestSecret } from './argon2-hasher.ts'

export const shortestPassword = 8

/** What is wrong with a password that is being set, or undefined. Length only: rules about characters make people choose worse. */
export function passwordProblem(password: string): string | undefined {
  const length = [...password].length
  if (length < shortestPassword) return `has ${length} characters; at least ${shortestPassword} are needed`
  if (password.length > longestSecret) return `has more than ${longestSecret} characters`
  return undefined
}
