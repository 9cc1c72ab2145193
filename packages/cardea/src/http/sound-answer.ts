import type { HttpResponse } from './response.ts'

const headerName = /^[!#$%&'*+\-.^`|~\w]+$/
/** RFC 9110 §5.5. What a line break, or a character of more than one byte, makes of a header differs by runtime. */
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/

const isText = (value: unknown): value is string => typeof value === 'string' && headerValue.test(value)

function isSoundHeader(name: string, value: unknown, body: string): boolean {
  const lower = name.toLowerCase()
  // The adapters say where a body ends: two opinions of it are two answers (RFC 9112 §11.1).
  if (lower === 'transfer-encoding') return false
  if (lower === 'content-length') return value === String(Buffer.byteLength(body))
  return headerName.test(name) && (Array.isArray(value) ? value.every(isText) : isText(value))
}

function problemOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return 'an answer is { status, headers, body }'
  const { status, headers, body } = answer as Partial<HttpResponse>
  if (!Number.isInteger(status) || Number(status) < 200 || Number(status) > 599)
    return 'status is no status from 200 to 599'
  if (typeof body !== 'string') return 'body is no text'
  if (typeof headers !== 'object' || headers === null) return 'headers is no record'
  const wrong = Object.entries(headers).find(([name, value]) => !isSoundHeader(name, value, body))
  return wrong === undefined ? undefined : `the header ${JSON.stringify(wrong[0])} cannot be sent`
}

/**
 * What code of a host hands over as an answer. In an adapter it would be too late: there, a header that cannot be sent
 * leaves a request without any answer, and ends the process.
 * @throws Error that says what is wrong
 */
export function answerMustBeSound(answer: unknown, maker: string): asserts answer is HttpResponse {
  const problem = problemOf(answer)
  if (problem !== undefined) throw new Error(`${maker} must return what can be sent: ${problem}`)
}
