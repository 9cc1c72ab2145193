/** One line of the doctor's report. */
export interface Finding {
  readonly check: string
  readonly result: 'ok' | 'note' | 'warn' | 'fail'
  readonly text: string
  /** What to do about it. */
  readonly advice?: string
}

export const ok = (check: string, text: string): Finding => ({ check, result: 'ok', text })

/** Nothing is wrong; it may be better otherwise. */
export const note = (check: string, text: string, advice: string): Finding => ({ check, result: 'note', text, advice })

export const warn = (check: string, text: string, advice: string): Finding => ({ check, result: 'warn', text, advice })

export const fail = (check: string, text: string, advice: string): Finding => ({ check, result: 'fail', text, advice })
