import type { HttpResponse } from './response.ts'
import { noStore } from './response.ts'

export interface PageOptions {
  readonly status?: number
  /** Hash source of the inline stylesheet, without quotes. */
  readonly styleHash: string
  /** Further sources for `style-src`, in words of the policy. */
  readonly moreStyles?: readonly string[]
  /** Sources for `form-action` beside 'self'; `any` leaves forms unrestricted. Absent: none. */
  readonly formTargets?: string
  /** The page loads a script of ours. */
  readonly script?: boolean
  readonly cookies?: readonly string[]
  readonly retryAfter?: number
  /** RFC 9110 §15.5.6: the methods a 405 has to name. */
  readonly allow?: readonly string[]
}

function contentSecurityPolicy({ styleHash, moreStyles = [], formTargets, script }: PageOptions): string {
  const forms = formTargets === 'any' ? [] : [`form-action 'self'${formTargets === undefined ? '' : ` ${formTargets}`}`]
  return [
    "default-src 'none'",
    `style-src ${[`'${styleHash}'`, ...moreStyles].join(' ')}`,
    ...(script ? ["script-src 'self'"] : []),
    ...forms,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}

/** A page for a person: never cached, never framed, no script but our own file, no address leaked to other sites. */
export function pageResponse(body: string, options: PageOptions): HttpResponse {
  return {
    status: options.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...noStore,
      'content-security-policy': contentSecurityPolicy(options),
      'x-frame-options': 'DENY',
      // Not no-referrer: browsers then send `Origin: null` with our own forms, which are checked for their origin.
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      ...(options.cookies !== undefined && options.cookies.length > 0 && { 'set-cookie': options.cookies }),
      ...(options.retryAfter !== undefined && { 'retry-after': String(options.retryAfter) }),
      ...(options.allow !== undefined && { allow: options.allow.join(', ') }),
    },
    body,
  }
}
