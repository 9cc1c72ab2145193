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
  signed_in: 'info',
  sign_in_failed: 'info',
  signed_out: 'info',
  consent_given: 'info',
  consent_denied: 'info',
  token_revoked: 'info',
  authorization_revoked: 'warn',
  internal_error: 'error',
  storage_unavailable: 'error',
}

// Everything secret that Cardea mints has a recognisable shape; an error of some other code might quote one.
const secretShape = /\b(cat|crt|cac|cse|cbr|csc)_[A-Za-z0-9_-]{20,}/g

const redacted = (text: string): string => text.replace(secretShape, '$1_[redacted]')

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

/** Writes the engine's events to the log. */
export const eventLog =
  (log: Logger): EventSink =>
  (event) => {
    const level = levels[event.type]
    // A "code" of a refusal is its error code, not an authorization code, and must survive the redaction above.
    const { type, ...fields } = event
    const shown = 'code' in fields ? { ...fields, code: undefined, error_code: fields.code } : fields
    log[level]({ event: type, ...('error' in shown ? { ...shown, error: errorRecord(shown.error) } : shown) }, type)
  }
