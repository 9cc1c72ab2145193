/** As long as any `client_id` may be. */
const longest = 200

/**
 * A `client_id` that is the address of a document about the client (client-id-metadata-document §3): https with a path,
 * without fragment, user name and dot segments, spelled in the one way that every parser writes it.
 */
export function isDocumentUrl(clientId: string): boolean {
  if (!clientId.startsWith('https://') || clientId.length > longest || /[#\\]/.test(clientId)) return false
  const url = URL.parse(clientId)
  return url !== null && url.href === clientId && url.username === '' && url.password === '' && url.pathname !== '/'
}

const pattern = /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,5})?$/

/** A host, with its port unless that is the usual one; `*.example.com` is any host below. */
export const isHostPattern = (text: unknown): boolean => typeof text === 'string' && pattern.test(text)

/** Whether a document at that address is of one of these hosts. */
export function isOnHost(clientId: string, patterns: readonly string[]): boolean {
  const { host } = new URL(clientId)
  return patterns.some((one) => (one.startsWith('*.') ? host.endsWith(one.slice(1)) : host === one))
}
