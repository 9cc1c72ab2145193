import type { HttpResponse } from '../load/http-response.ts'

export interface TokenAnswer {
  readonly accessToken: string
  readonly refreshToken: string | undefined
}

/** The tokens of a good answer of the token endpoint (RFC 6749 §5.1). Throws on any other answer. */
export function readTokenAnswer(response: HttpResponse): TokenAnswer {
  if (response.status !== 200) throw wrongAnswer('token endpoint', response)
  const answer: Record<string, unknown> = JSON.parse(response.body)
  const accessToken = answer.access_token
  const refreshToken = answer.refresh_token
  if (typeof accessToken !== 'string' || accessToken.length < 20) throw wrongAnswer('token endpoint', response)
  return { accessToken, refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined }
}

/** Throws for an answer that grants what must be refused. What asks for it would be measured as very fast. */
export function mustRefuse(what: string, response: HttpResponse): void {
  if (response.status < 400 || response.status >= 500) throw wrongAnswer(what, response)
}

/** An error that shows the beginning of an answer that was not the right one. */
export function wrongAnswer(where: string, response: HttpResponse): Error {
  return new Error(
    `${where} answered ${response.status}: ${response.body.slice(0, 200) || response.head.slice(0, 300)}`,
  )
}
