/** A slice of a listing, ordered by the noun's key. */
export interface PageRequest {
  /** Key of the last row of the page before; absent: from the start. */
  readonly after?: string
  /** Rows at most. */
  readonly limit: number
}
