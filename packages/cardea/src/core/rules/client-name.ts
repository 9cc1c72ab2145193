const longest = 200

/**
 * What would make a text look like another one: control characters, line breaks, marks that turn the direction of the
 * text around them (CVE-2021-42574), characters that nobody sees or that only look blank, and characters that every
 * font shows in its own way.
 */
const deceiving =
  /[\p{Cc}\p{Co}\u2028\u2029\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]|\u034f|\u17b4|\u17b5|[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}]/u

const visible = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Marks upon marks reach over the lines around them, where the page says something of its own. */
const piledUp = /\p{M}{9}/u

/** Whether people who read the text see what is there. */
export const isPlainText = (text: string): boolean => text.isWellFormed() && !deceiving.test(text)

/** What is wrong with the name by which people are to recognise a client, or undefined. */
export function clientNameProblem(name: string): string | undefined {
  if (name.trim() === '' || name.length > longest) return `client_name: must have 1 to ${longest} characters`
  if (!isPlainText(name) || piledUp.test(name)) return 'client_name: holds characters that are not allowed'
  return visible.test(name) ? undefined : 'client_name: must have a letter, a digit or a sign that people can see'
}
