/**
 * Seconds of a column; text too, which drivers make of big numbers.
 * @throws TypeError for anything else: what ends at no time that can be read would never end
 */
export function secondsIn(name: string, column: unknown): number {
  const isText = typeof column === 'bigint' || (typeof column === 'string' && column !== '')
  const seconds = isText ? Number(column) : column
  if (typeof seconds === 'number' && Number.isFinite(seconds)) return seconds
  throw new TypeError(`the column ${name} must hold seconds`)
}

/** JSON of a column: as text, or as a driver has parsed it. */
export const jsonIn = (column: unknown): unknown => (typeof column === 'string' ? JSON.parse(column) : column)
