import type { CardeaEvent, EventSink } from 'cardea'
import { type DestinationStream, type Level, type Logger, pino } from 'pino'

/** Takes log lines. */
export interface LogSink extends DestinationStream {
  /** Writes out what is buffered. */
  flushSync?(): void
}

/** Machines at work are many and say little, so they are for debugging; what a person or an attacker does is kept. */
const levels: Readonly<Record<CardeaEvent['type'], Level>> = {
  token_issued: 'debug',
  client_authenticated: 'debug',
  token_authenticated: 'debug',
  code_issued: 'debug',
  request_refused: 'info',
  client_authentication_failed: 'info',
  client_registered: 'info',
  client_updated: 'info',
  client_deleted: 'info',
  signed_in: 'info',
  sign_in_failed: 'info',
  signed_out: 'info',
  consent_given: 'info',
  consent_denied: 'info',
  device_requested: 'debug',
  device_approved: 'info',
  device_denied: 'info',
  user_code_refused: 'info',
  token_revoked: 'info',
  authorization_revoked: 'warn',
  challenge_repeated: 'warn',
  key_rotated: 'info',
  internal_error: 'error',
  storage_unavailable: 'error',
  remote_unavailable: 'warn',
}

/** A device that waits is told so every few seconds (RFC 8628 §3.5): nothing is wrong with that. */
const levelOf = (event: CardeaEvent): Level =>
  event.type === 'request_refused' && event.code === 'authorization_pending' ? 'debug' : levels[event.type]

// Everything secret that Cardea mints has a recognisable shape; an error of some other code might quote one.
const secretShape = /\b(cat|crt|cac|cse|cbr|csc|crg|cia|cdc)_[A-Za-z0-9_-]{20,}/g

const jwtShape = /\beyJ[\w-]{8,}\.[\w-]{2,}\.[\w-]{8,}/g

const redacted = (text: string): string => text.replace(secretShape, '$1_[redacted]').replace(jwtShape, '[redacted]')

interface ErrorRecord {
  readonly name: string
  readonly message: string
  /** As `ENOSPC`; not named `code`, which is redacted. */
  readonly errno?: string
  readonly stack?: string
  readonly cause?: ErrorRecord
}

/** An error as it may be logged. Causes are followed a few steps. */
export function errorRecord(error: unknown, depth = 3): ErrorRecord {
  if (!(error instanceof Error)) return { name: typeof error, message: redacted(String(error)) }
  const code = (error as NodeJS.ErrnoException).code
  return {
    name: error.name,
    message: redacted(error.message),
    ...(typeof code === 'string' && { errno: code }),
    ...(error.stack !== undefined && { stack: redacted(error.stack) }),
    ...(error.cause !== undefined && depth > 0 && { cause: errorRecord(error.cause, depth - 1) }),
  }
}

const secretFields = [
  'password',
  'secret',
  'client_secret',
  'token',
  'code',
  'authorization',
  'cookie',
  'code_verifier',
]

/** JSON lines: a line end or control character in a value is escaped, so that nothing can forge a line. */
export function serverLog(level: string, sink: LogSink): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretFields.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    },
    sink,
  )
}

/** Milliseconds for which a failing store is told of once: on a full disk, a line per request would fill what is left. */
const failureQuiet = 10_000

/** Counts what was kept quiet; undefined: keep quiet. */
function failureGate(now: () => number): () => number | undefined {
  let quietUntil = 0
  let suppressed = 0
  return () => {
    if (now() < quietUntil) {
      suppressed += 1
      return undefined
    }
    const before = suppressed
    suppressed = 0
    quietUntil = now() + failureQuiet
    return before
  }
}

/**
 * Writes the engine's events to the log.
 * @param now milliseconds
 */
export function eventLog(log: Logger, now: () => number = Date.now): EventSink {
  const suppressedFailures = failureGate(now)
  return (event) => {
    const level = levelOf(event)
    // First of all: most events of a busy server are for debugging.
    if (!log.isLevelEnabled(level)) return
    // A "code" of a refusal is its error code, not an authorization code, and must survive the redaction above.
    const { type, ...fields } = event
    const suppressed = type === 'storage_unavailable' ? suppressedFailures() : 0
    if (suppressed === undefined) return
    const counted = suppressed === 0 ? fields : { ...fields, suppressed }
    const shown = 'code' in counted ? { ...counted, code: undefined, error_code: counted.code } : counted
    log[level]({ event: type, ...('error' in shown ? { ...shown, error: errorRecord(shown.error) } : shown) }, type)
  }
}
