import type { HttpRequest } from './request.ts'

/** Whether the body would have to be unpacked. RFC 9110 §8.4.1: `identity` says that nothing was done to it. */
export function isEncoded(request: Pick<HttpRequest, 'header'>): boolean {
  const codings = request.header('content-encoding')
  if (codings === undefined) return false
  return codings.split(',').some((coding) => coding.trim().toLowerCase() !== 'identity')
}
