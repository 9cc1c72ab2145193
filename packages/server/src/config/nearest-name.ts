function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = a[i - 1] === b[j - 1] ? 0 : 1
      next[j] = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + swap)
    }
    row = next
  }
  return row[b.length] ?? 0
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The name that was probably meant: same letters whatever the case and separators, or a few letters off. */
export function nearestName(name: string, valid: readonly string[]): string | undefined {
  const wanted = plain(name).slice(0, 100)
  const ranked = valid
    .map((candidate) => ({ candidate, off: distance(wanted, plain(candidate)) }))
    .sort((a, b) => a.off - b.off)
  const best = ranked[0]
  return best !== undefined && best.off <= Math.max(2, Math.floor(wanted.length / 3)) ? best.candidate : undefined
}
