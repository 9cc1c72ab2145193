/** Where a host keeps things for a while: text by key, forgotten after its time. Keys have no spaces and fit memcached. */
export interface AtomicCache {
  /** Nothing once it has expired. */
  get(key: string): Promise<string | null | undefined>
  /** Writes, whatever was there before, for that many seconds. */
  set(key: string, value: string, ttlSeconds: number): Promise<unknown>
  /** Resolves whether or not it was there. */
  delete(key: string): Promise<unknown>
  /**
   * Writes only where there is no such key, in one step of the cache itself, and tells whether it wrote. `get` and then
   * `set` is not that: of two requests in parallel both would find nothing.
   */
  add(key: string, value: string, ttlSeconds: number): Promise<boolean>
}
