import { z } from 'zod'

const valid = 'must be epoch seconds, or a date such as 2027-01-31 or 2027-01-31T12:00:00Z; 0: never'

/** The end of the year 9999: what is beyond was meant as milliseconds. */
const latest = 253_402_300_799

const isoDate = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/

function secondsOf(value: number | string): number {
  if (typeof value === 'number') return value
  // `Date.parse` takes the 30th of February for the 1st of March.
  if (!isoDate.test(value) || !z.iso.date().safeParse(value.slice(0, 10)).success) return Number.NaN
  return Math.floor(Date.parse(value) / 1000)
}

/** A moment as epoch seconds or as a date of ISO 8601, which without a time is its first second in UTC; made epoch seconds. */
export const moment = z.union([z.number(), z.string()], { error: valid }).transform((value, context) => {
  const seconds = secondsOf(value)
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= latest) return seconds
  context.issues.push({ code: 'custom', message: valid, input: value })
  return z.NEVER
})
