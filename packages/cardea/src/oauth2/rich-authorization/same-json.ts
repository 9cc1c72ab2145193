const members = (value: object): readonly string[] => Object.keys(value).sort()

/** Whether two values out of JSON are the same; the order of members has no meaning, that of lists has. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const names = members(a)
  if (names.join('\n') !== members(b).join('\n')) return false
  return names.every((name) => isSameJson(a[name as keyof typeof a], b[name as keyof typeof b]))
}
