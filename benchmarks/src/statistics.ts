/** The value in the middle, or the mean of the two in the middle. NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  if (sorted.length % 2 === 1) return upper
  return (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/**
 * The smallest value that at least `fraction` of all values do not exceed (nearest rank).
 *
 * @param fraction between 0 and 1; 0.99 gives p99
 * @returns NaN for no values
 */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.max(1, Math.ceil(sorted.length * fraction))
  return sorted[rank - 1] ?? Number.NaN
}

/** `value` with so many decimals; NaN and infinities become null, as JSON has no word for them. */
export function rounded(value: number, decimals: number): number | null {
  return Number.isFinite(value) ? Number(value.toFixed(decimals)) : null
}
