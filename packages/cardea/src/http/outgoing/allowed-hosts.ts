import { shown } from '../../core/spec/shown.ts'

const usualPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' }

/** As URLs spell it; undefined for what is more or less than a host. */
function spelled(entry: unknown): string | undefined {
  if (typeof entry !== 'string' || entry === '' || /[\s/?#@\\*]/.test(entry)) return undefined
  const text = /^[^[]*:.*:/.test(entry) ? `[${entry}]` : entry
  const port = /:(\d{1,5})$/.exec(text.replace(/^\[.*\]/, ''))?.[1]
  const url = URL.parse(`https://${text}/`)
  if (url === null) return undefined
  return port === undefined ? url.hostname : `${url.hostname}:${Number(port)}`
}

/**
 * Whether a URL is of a host that is allowed by name, in whatever way the two are spelled.
 * @throws TypeError for an entry that could never match: it would be found out only when it is needed
 */
export function allowedHosts(entries: readonly string[]): (url: URL) => boolean {
  if (!Array.isArray(entries)) throw new TypeError(`outgoing.allowHosts: must be a list, got ${shown(entries)}`)
  const allowed = new Set<string>()
  for (const entry of entries) {
    const host = spelled(entry)
    if (host === undefined)
      throw new TypeError(
        `outgoing.allowHosts: must be names like keys.internal or keys.internal:8443, got ${shown(entry)}`,
      )
    allowed.add(host)
  }
  return ({ hostname, port, protocol }) =>
    allowed.has(hostname) || allowed.has(`${hostname}:${port === '' ? usualPorts[protocol] : port}`)
}
