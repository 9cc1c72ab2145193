const originText = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9\-._~!$&'()*+,;=%]+)(?::(\d{0,5}))?\/?$/i

const defaultPort: Readonly<Record<string, number>> = { http: 80, https: 443 }

/**
 * RFC 5849 §3.4.1.2, points 1 to 3: scheme and host in lower case, the port left out when it is the scheme's own.
 * Otherwise as written: the host has to be spelled as clients spell it. Undefined for what is no http(s) origin.
 */
export function originFrom(text: string): string | undefined {
  const [, scheme = '', host = '', port = ''] = originText.exec(text.toLowerCase()) ?? []
  if (host === '' || Number(port) > 65535) return undefined
  const shown = port === '' || Number(port) === defaultPort[scheme] ? '' : `:${Number(port)}`
  return `${scheme}://${host}${shown}`
}

/**
 * An origin as a host configures it. A path behind it is one that clients see and we do not, because a proxy takes it
 * off. Undefined for what is no http(s) origin, and for one with a query or fragment.
 */
export function signedOriginFrom(text: string): string | undefined {
  const [, start = '', prefix = ''] = /^(https?:\/\/[^/?#]*)((?:\/[^?#]*)?)$/i.exec(text) ?? []
  const origin = originFrom(start)
  return origin === undefined ? undefined : origin + prefix.replace(/\/+$/, '')
}

/** Whether a Host header names the origin, with or without the port that is the scheme's own. */
export function namesOrigin(host: string, origin: string): boolean {
  const named = originFrom(`${origin.slice(0, origin.indexOf('//'))}//${host}`)
  return named !== undefined && (origin === named || origin.startsWith(`${named}/`))
}

/**
 * RFC 5849 §3.4.1.2: base string URI. `origin` comes from `signedOriginFrom` and configuration, not from a Host header that
 * whoever sends the request can choose; `path` is the raw one, with whatever prefix the client sees.
 */
export const baseUri = (origin: string, path: string): string => `${origin}${path === '' || path === '*' ? '/' : path}`
