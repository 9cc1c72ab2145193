import type { HttpRequest } from './request.ts'

export interface CookieOptions {
  readonly secure: boolean
  /** Seconds; absent: until the browser closes; 0: delete. */
  readonly maxAge?: number
}

/** By what cookies are named: the issuer, and whether it speaks https. */
export interface CookieOwner {
  readonly issuer: string
  readonly secureCookies: boolean
}

/**
 * `__Host-` binds the cookie to this very host: no sibling subdomain can plant one. Browsers accept it over https only,
 * so an http issuer (loopback) uses the bare name. Such cookies are sent to every path, so that of the issuer is part of their
 * name: of two servers on one host, signing in at the one must not sign out at the other.
 */
export function cookieName(name: string, { issuer, secureCookies }: CookieOwner): string {
  const { pathname } = new URL(issuer)
  const own = pathname === '/' ? name : name + pathname.replaceAll(/[^\w%~-]/g, '.')
  return secureCookies ? `__Host-${own}` : own
}

/** Value of a cookie, or undefined when absent or sent twice with different values (a planted one must not win). */
export function cookieOf(request: HttpRequest, name: string): string | undefined {
  const header = request.header('cookie')
  if (header === undefined) return undefined
  let found: string | undefined
  for (const part of header.split(';')) {
    const equals = part.indexOf('=')
    if (equals === -1 || part.slice(0, equals).trim() !== name) continue
    const value = part.slice(equals + 1).trim()
    if (found !== undefined && found !== value) return undefined
    found = value
  }
  return found
}

/** Lax, so that the redirect from a client's site arrives with it; forms carry their own proof against forgery. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const parts = [`${name}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax']
  if (options.secure) parts.push('Secure')
  if (options.maxAge !== undefined) parts.push(`Max-Age=${options.maxAge}`)
  return parts.join('; ')
}
