/** Control characters, separators of lines, what turns the direction of a text round, and halves of a character. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u

const longest = 254

/**
 * What is wrong with a username that is to be stored, or undefined. A name with characters that nobody sees looks like
 * another one, rewrites a terminal that lists it, and splits lines of a log.
 */
export function usernameProblem(username: string): string | undefined {
  if (username.trim() === '') return 'is empty'
  if (username.length > longest) return `has more than ${longest} characters`
  if (unprintable.test(username)) return 'holds control characters or others that cannot be seen'
  return undefined
}
