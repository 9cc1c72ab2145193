/** An object of JSON, no member of which stands there twice. */
export type JsonObject = Readonly<Record<string, unknown>>

const mostNested = 32

/** Index of the quote that ends the string which begins at `start`. The text is known to be JSON. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  for (;;) {
    let escapes = 0
    while (text[end - 1 - escapes] === '\\') escapes++
    if (escapes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
}

const afterString = /\s*:/y

/** Parsers disagree on which of two members of one name counts, so what one checked another may not see (RFC 8725bis §3.14). */
function problemOf(text: string): 'duplicate_member' | 'too_deep' | undefined {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined)
      if (open.length > mostNested) return 'too_deep'
    } else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      const end = endOfString(text, at)
      afterString.lastIndex = end + 1
      if (afterString.test(text)) {
        const raw = text.slice(at, end + 1)
        const name = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1)
        const names = open.at(-1)
        // An own member called __proto__ turns into a prototype wherever it is copied by assignment.
        if (name === '__proto__' || names?.has(name)) return 'duplicate_member'
        names?.add(name)
      }
      at = end
    }
  }
  return undefined
}

export type StrictJson =
  | { readonly value: unknown }
  | { readonly problem: 'malformed' | 'duplicate_member' | 'too_deep' }

/** JSON whose every object has each name once, at most 32 levels deep. Never throws. */
export function strictJson(text: string): StrictJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'malformed' }
  }
  const problem = problemOf(text)
  return problem === undefined ? { value } : { problem }
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
