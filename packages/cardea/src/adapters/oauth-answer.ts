import { answerToError } from '../http/error-answer.ts'
import type { HttpResponse } from '../http/response.ts'

/** Whether a handler left the answer to us, as opposed to having answered by its framework. */
export function isAnswer(result: unknown): result is HttpResponse {
  if (typeof result !== 'object' || result === null || !('status' in result && 'headers' in result)) return false
  return typeof result.status === 'number' && 'body' in result && typeof result.body === 'string'
}

/**
 * What a handler gives; a refusal of the authorization server that it lets through counts as given, whatever else it
 * throws is the framework's.
 */
export async function answerOf(run: () => unknown): Promise<unknown> {
  try {
    return await run()
  } catch (error) {
    const answer = answerToError(error)
    if (answer === undefined) throw error
    return answer
  }
}
