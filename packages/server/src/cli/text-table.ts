// Names of clients come from strangers one day; control characters in them could rewrite what the terminal shows.
const unprintable = /[\p{Cc}\p{Cf}]/gu

export const printable = (text: string): string => text.replace(unprintable, '�')

const cellOf = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return printable(value.join(' '))
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** Rows under their column names, aligned. */
export function textTable(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const cells = [
    columns.map((name) => name.toUpperCase()),
    ...rows.map((row) => columns.map((name) => cellOf(row[name]))),
  ]
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One record, a line for each field that is set. */
export function textRecord(record: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined)
  const width = Math.max(0, ...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${cellOf(value)}`.trimEnd()).join('\n')
}
