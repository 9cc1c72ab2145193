import { isEncoded } from '../http/content-encoding.ts'
import type { HttpRequest } from '../http/request.ts'
import { badRequest } from './errors.ts'
import { isFormType, type RequestParts } from './parameters.ts'
import { splitTarget } from './request-target.ts'

/** Nothing was sent, so that no parser can have changed it: some leave `{}` of it. */
const isEmpty = (request: HttpRequest, body: string): boolean => {
  const length = request.header('content-length')
  if (length !== undefined) return Number(length) === 0
  return body === '' && request.header('transfer-encoding') === undefined
}

/**
 * What the signature covers of an incoming request. The body is read only when it is a form, and left alone otherwise.
 * Behind a body parser of the host's that keeps no raw body, a form that is signed is refused.
 */
export async function requestParts(request: HttpRequest): Promise<RequestParts> {
  const contentType = request.header('content-type')
  const form = isFormType(contentType)
  if (form && isEncoded(request)) {
    throw badRequest('content_encoding', 'Send the form uncompressed')
  }
  const body = form ? await request.text() : undefined
  const isChanged = body !== undefined && request.isAsSent?.() === false && !isEmpty(request, body)
  return {
    query: splitTarget(request.target).query,
    authorization: request.header('authorization'),
    contentType,
    body,
    ...(isChanged && { bodyAsSent: false }),
  }
}
