/**
 * The store could not do what was asked (disk full, read-only, locked, connection lost) and changed nothing.
 * Answered by 503 with `Retry-After`: a doubt about storage is never a wrong `invalid_grant`.
 */
export class StorageUnavailable extends Error {
  /** Seconds after which a retry makes sense. */
  readonly retryAfter: number

  constructor(message: string, options: { cause?: unknown; retryAfter?: number } = {}) {
    super(message, { cause: options.cause })
    this.name = 'StorageUnavailable'
    this.retryAfter = options.retryAfter ?? 5
  }
}
