import type { Provider } from 'cardea'
import type { Logger } from 'pino'
import { errorRecord } from './event-log.ts'

/** Rows of each kind deleted at once: a slice holds the database for about a millisecond. */
const slice = 100

export interface Housekeeping {
  /** Resolves when the slice under way is done. */
  stop(): Promise<void>
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Deletes what has expired, in slices between requests.
 * @param interval seconds
 */
export function startHousekeeping(provider: Pick<Provider, 'sweep'>, interval: number, log: Logger): Housekeeping {
  let stopped = false
  let running: Promise<void> | undefined
  const sweep = async (): Promise<void> => {
    try {
      let total = 0
      for (let gone = await provider.sweep(slice); gone > 0 && !stopped; gone = await provider.sweep(slice)) {
        total += gone
        await nextTurn()
      }
      if (total > 0) log.debug({ rows: total }, 'expired rows deleted')
    } catch (error) {
      log.warn({ error: errorRecord(error) }, 'housekeeping could not delete expired rows; it tries again')
    }
  }
  const timer = setInterval(() => {
    running ??= sweep().finally(() => {
      running = undefined
    })
  }, interval * 1000)
  timer.unref()
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
