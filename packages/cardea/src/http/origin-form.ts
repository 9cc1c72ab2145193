const schemeAndAuthority = /^https?:\/\/[^/?#]*/i

/**
 * A request target in the form that names a path (RFC 9112 §3.2.1). Of the absolute form (§3.2.2), which proxies send and
 * every server must take, the part behind the authority is left: who this server is, its configuration says.
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target
  const path = target.replace(schemeAndAuthority, '')
  return path === target || path.startsWith('/') ? path : `/${path}`
}
