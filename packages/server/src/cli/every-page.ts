import type { PageRequest } from 'cardea'

const pageSize = 500

/** Every row of a listing, page by page. `keyOf` gives the key that the listing is ordered by. */
export async function* everyPage<Row>(
  list: (page: PageRequest) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): AsyncGenerator<Row> {
  let after: string | undefined
  for (;;) {
    const rows = await list(after === undefined ? { limit: pageSize } : { after, limit: pageSize })
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageSize) return
    after = keyOf(last)
  }
}

/** The whole listing at once, for what people look at. */
export async function everyRow<Row>(
  list: (page: PageRequest) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of everyPage(list, keyOf)) rows.push(row)
  return rows
}
