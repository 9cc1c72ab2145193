/** A list, or text as a column keeps it: separated by blanks, commas or line breaks. */
export type TextList = string | readonly string[] | null

/** Entries of a list, or of the text a column keeps of it: JSON, or separated by blanks, commas or line breaks. */
export function listFrom(value: TextList | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') return value
  if (value.trimStart().startsWith('[')) {
    const parsed: unknown = JSON.parse(value)
    if (Array.isArray(parsed) && parsed.every((entry) => typeof entry === 'string')) return parsed
    throw new TypeError('a list in a column must be a JSON list of texts, or text separated by blanks')
  }
  const entries = value.split(/[\s,]+/).filter((entry) => entry !== '')
  return entries.length === 0 ? undefined : entries
}

/** URIs may hold commas. */
export function urisFrom(value: TextList | undefined): readonly string[] {
  if (typeof value === 'string' && !value.trimStart().startsWith('[')) return value.split(/\s+/).filter(Boolean)
  return listFrom(value) ?? []
}
