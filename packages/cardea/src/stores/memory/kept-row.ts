const kept = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return Object.freeze(value.map(kept))
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, kept(member)])))
}

/**
 * What is kept of a row of plain data: a copy, which nobody can alter. Whoever saved it, or finds it, would otherwise change
 * the store by changing what it holds in its hands, past every rule of saving. For rows that are saved seldom.
 */
export const keptRow = <Row extends object>(row: Row): Row => kept(row) as Row
