import { StorageUnavailable } from '../../core/spec/storage-error.ts'

/** Primary result codes of SQLite (the low byte of `errcode`). */
const BUSY = 5
const LOCKED = 6

/** Codes that blame the statement or its values, not the storage: TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE. */
const ownFaults: ReadonlySet<number> = new Set([18, 19, 20, 21, 25])

const resultCode = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/** Another connection holds the lock: worth trying again shortly. */
export const isBusy = (error: unknown): boolean => {
  const code = resultCode(error)
  return code === BUSY || code === LOCKED
}

/** The connection was closed, before or by what failed. */
const isClosed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE'

/** Whether the storage failed, and not the code that used it. */
export function isStorageFailure(error: unknown): boolean {
  if (error instanceof StorageUnavailable || isClosed(error)) return true
  const code = resultCode(error)
  return code !== undefined && !ownFaults.has(code)
}

/** Any failure of SQLite as the error that is answered by 503; an error of the caller's own stays what it is. */
export function failureFrom(error: unknown): unknown {
  if (error instanceof StorageUnavailable || !isStorageFailure(error)) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new StorageUnavailable(`The SQLite database cannot be used: ${detail}`, { cause: error })
}
