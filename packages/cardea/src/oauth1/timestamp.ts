import { badRequest } from './errors.ts'

/** How far a client's clock may be from ours, in seconds. */
export interface TimestampWindow {
  /** Into the past. Default 300. Infinity: any age, and then nonces have to be kept for ever. */
  readonly past: number
  /** Into the future. Default 300: a clock that is ahead is as common as one that is behind. */
  readonly future: number
}

export const defaultTimestampWindow: TimestampWindow = { past: 300, future: 300 }

/** Fifteen digits are exact in a double. Leading zeros would be further spellings of one timestamp. */
const positiveInteger = /^[1-9]\d{0,14}$/

/** RFC 5849 §3.3: seconds, a positive integer. Throws `invalid_request` for anything else. */
export function timestampFrom(text: string): number {
  if (!positiveInteger.test(text)) {
    throw badRequest('malformed_timestamp', 'oauth_timestamp must be a positive integer, seconds since 1970')
  }
  return Number(text)
}

/** Throws `invalid_request` for a timestamp outside the window. `now` in seconds. */
export function timestampMustBeFresh(
  timestamp: number,
  now: number,
  { past, future }: TimestampWindow = defaultTimestampWindow,
): void {
  const age = Math.floor(now) - timestamp
  if (age > past) {
    throw badRequest('timestamp_too_old', `oauth_timestamp is ${age} s behind the server's clock, ${past} are allowed`)
  }
  // Without this bound, a request signed for next year could be replayed as soon as its nonce is forgotten.
  if (-age > future) {
    throw badRequest(
      'timestamp_in_future',
      `oauth_timestamp is ${-age} s ahead of the server's clock, ${future} are allowed`,
    )
  }
}

/** Seconds for which a nonce has to be remembered from when it is first seen, so that it cannot be used a second time. */
export const nonceLifetime = ({ past, future }: TimestampWindow): number => past + future + 1
