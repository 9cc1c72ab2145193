import { type ErrorCode, errorStatus, ProtocolError } from '../core/spec/errors.ts'
import { answeredBy } from '../http/error-answer.ts'
import type { HttpResponse } from '../http/response.ts'

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errorStatus, code)

function saidIn(body: string): { readonly code: ErrorCode; readonly description?: string } {
  const { error, error_description } = JSON.parse(body) as { error?: unknown; error_description?: unknown }
  const code = isCode(error) ? error : 'invalid_token'
  return typeof error_description === 'string' ? { code, description: error_description } : { code }
}

/** The refusal of a guard as something to throw, which is answered as the guard answered. */
export function refusedAccess(refused: HttpResponse): ProtocolError {
  const { code, ...said } = saidIn(refused.body)
  return answeredBy(new ProtocolError(code, 'access_refused', { status: refused.status, ...said }), refused)
}
