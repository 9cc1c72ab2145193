import type { LogSink } from './event-log.ts'

/** Milliseconds for which a line waits for others at most. */
const longestWait = 100

/** Characters that are not kept waiting for more. */
const enough = 4096

/** pino's number for `warn`. What is as bad may be the last that this process says. */
const warning = 40

export interface BufferedLog extends LogSink {
  /** Hands on what has waited. */
  flush(): void
  /** Hands on what has waited, and returns when it is written. */
  flushSync(): void
}

/**
 * Log lines in groups: a system call for each would cost a busy server more than making them. Nothing waits longer than a
 * tenth of a second, or at all from a warning on. Whoever ends the process flushes first.
 */
export function bufferedLog(destination: LogSink): BufferedLog {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (waiting === '') return
    const text = waiting
    waiting = ''
    destination.write(text)
  }
  const sink = {
    // Makes pino tell of the level before it writes.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string): void {
      waiting += line
      if (sink.lastLevel >= warning || waiting.length >= enough) flush()
      else timer ??= setTimeout(flush, longestWait).unref()
    },
    flush,
    flushSync(): void {
      flush()
      destination.flushSync?.()
    },
  }
  return sink
}
