import { systemClock } from 'cardea'
import { sqliteStore } from 'cardea/stores/sqlite'
import { pino } from 'pino'
import { argon2Hasher } from './accounts/argon2-hasher.ts'
import { exitCode } from './cli/exit-codes.ts'
import type { World } from './cli/world.ts'
import { type BufferedLog, bufferedLog } from './serve/buffered-log.ts'

/** Milliseconds in which a second signal is the same Ctrl-C: npm passes on to us what the terminal has sent us as well. */
const sameKeyPress = 300

/** Whoever read our output has gone (`cardea client list | head`): that is not an error. */
function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

function onStop(listener: (signal: string) => void): () => void {
  let last = Number.NEGATIVE_INFINITY
  const heard = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    if (now - last > sameKeyPress) listener(signal)
    last = now
  }
  process.on('SIGINT', heard)
  process.on('SIGTERM', heard)
  return () => {
    process.off('SIGINT', heard)
    process.off('SIGTERM', heard)
  }
}

/** Takes over what Node.js would print with a stack. Rejections that nobody handles come here as well. */
function onCrash(listener: (error: unknown) => void): void {
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => {
    try {
      listener(error)
    } finally {
      process.exit(exitCode.failed)
    }
  })
}

/** Node.js would open its debugger, which hands secrets and everything else to whoever connects on this machine. */
function refuseDebugger(): void {
  process.on('SIGUSR1', () => {
    process.stderr.write('SIGUSR1 is ignored: start Node.js with --inspect to debug\n')
  })
}

/** The log on stderr, which an end of the process of whatever kind but a kill takes nothing from. */
function stderrLog(): BufferedLog {
  const log = bufferedLog({
    write: (text) => isOpen && destination.write(text),
    flushSync: () => {
      if (isOpen) destination.flushSync()
    },
  })
  // Before those of the destination, which takes nothing more after its own.
  process.on('beforeExit', log.flush)
  process.prependListener('exit', log.flushSync)
  const destination = pino.destination({ dest: 2, sync: false })
  let isOpen = true
  destination.once('close', () => {
    isOpen = false
  })
  return log
}

/** The world as this process sees it. */
export function processWorld(): World {
  tolerateClosedPipes()
  refuseDebugger()
  onCrash((error) => process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`))
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    logSink: stderrLog(),
    env: process.env,
    cwd: process.cwd(),
    clock: systemClock,
    hasher: argon2Hasher(),
    openStore: (file, options) => sqliteStore({ file, ...options }),
    onStop,
    onCrash,
    fetch: globalThis.fetch,
    endNow: (code) => process.exit(code),
  }
}
