import type { HttpRequest } from '../http/request.ts'
import { badRequest } from './errors.ts'
import { isFormType, type RequestParts } from './parameters.ts'
import { splitTarget } from './request-target.ts'

/** What the signature covers of an incoming request. The body is read only when it is a form, and left alone otherwise. */
export async function requestParts(request: HttpRequest): Promise<RequestParts> {
  const contentType = request.header('content-type')
  const form = isFormType(contentType)
  if (form && request.header('content-encoding') !== undefined) {
    throw badRequest('content_encoding', 'Send the form uncompressed')
  }
  return {
    query: splitTarget(request.target).query,
    authorization: request.header('authorization'),
    contentType,
    body: form ? await request.text() : undefined,
  }
}
