/** One line of the doctor's report. */
export interface Finding {
  readonly check: string
  readonly result: 'ok' | 'warn' | 'fail'
  readonly text: string
  /** What to do about it. */
  readonly advice?: string
}

export const ok = (check: string, text: string): Finding => ({ check, result: 'ok', text })

export const warn = (check: string, text: string, advice: string): Finding => ({ check, result: 'warn', text, advice })

export const fail = (check: string, text: string, advice: string): Finding => ({ check, result: 'fail', text, advice })
