import type { PageRequest } from '../../core/ports/page.ts'

const byKey = <T>(left: [string, T], right: [string, T]): number => (left[0] < right[0] ? -1 : 1)

/** The rows after `page.after` in key order that pass the filter. */
export function pageOf<T>(rows: ReadonlyMap<string, T>, page: PageRequest, accept: (row: T) => boolean): T[] {
  const { after } = page
  return [...rows]
    .filter(([key, row]) => (after === undefined || key > after) && accept(row))
    .sort(byKey)
    .slice(0, page.limit)
    .map(([, row]) => row)
}
