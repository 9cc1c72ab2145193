/** A value as messages tell of it: as JSON, and what JSON has no word for (NaN, undefined, a function) by its text. */
export const shown = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
