/** When to try again, in words. */
export function waitingTime(minutes: number | undefined): string {
  if (minutes === undefined) return 'later'
  const whole = Math.max(1, Math.ceil(minutes))
  return whole === 1 ? 'in 1 minute' : `in ${whole} minutes`
}
