import type { HttpResponse } from './response.ts'

const answers = new WeakMap<object, HttpResponse>()

/** Remembers how a refusal that is thrown to the host is to be answered, where that is known already. */
export function answeredBy<Thrown extends object>(error: Thrown, answer: HttpResponse): Thrown {
  answers.set(error, answer)
  return error
}

/** The answer to what was thrown; undefined for what has none. */
export const answerToError = (error: unknown): HttpResponse | undefined =>
  typeof error === 'object' && error !== null ? answers.get(error) : undefined
