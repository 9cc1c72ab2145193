/** Where a host keeps things for a while: text by key, forgotten after its time. Keys have no spaces and fit memcached. */
export interface AtomicCache {
  get(key: string): Promise<string | null | undefined>
  set(key: string, value: string, ttlSeconds: number): Promise<unknown>
  delete(key: string): Promise<unknown>
  /**
   * Writes only where there is no such key, in one step of the cache itself, and tells whether it wrote. `get` and then
   * `set` is not that: of two requests in parallel both would find nothing.
   */
  add(key: string, value: string, ttlSeconds: number): Promise<boolean>
}
