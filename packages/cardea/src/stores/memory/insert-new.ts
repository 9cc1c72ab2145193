/** A key that exists already is a fault of the caller: overwriting could bring something spent back to life. */
export function insertNew<T>(rows: Map<string, T>, key: string, row: T): void {
  refuseExisting(rows, key)
  rows.set(key, row)
}

export function refuseExisting<T>(rows: ReadonlyMap<string, T>, key: string | undefined): void {
  if (key !== undefined && rows.has(key)) throw new Error('The key of a new row exists already')
}
