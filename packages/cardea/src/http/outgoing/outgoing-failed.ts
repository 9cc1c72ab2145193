/** Why nothing came back from elsewhere; for logs, events and tests. */
export type OutgoingProblem =
  | 'invalid_url'
  | 'insecure_url'
  | 'forbidden_address'
  | 'unreachable'
  | 'timed_out'
  | 'redirected'
  | 'wrong_status'
  | 'wrong_type'
  | 'encoded'
  | 'too_large'
  | 'malformed'
  | 'busy'

/** A remote document or answer that could not be had. Its message names the host and nothing else of the address. */
export class OutgoingFailed extends Error {
  /** What went wrong. */
  readonly problem: OutgoingProblem
  /** Of the answer, where there was one. */
  readonly status: number | undefined

  constructor(problem: OutgoingProblem, host: string, options: { cause?: unknown; status?: number } = {}) {
    super(`${problem}: ${host}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'OutgoingFailed'
    this.problem = problem
    this.status = options.status
  }
}
