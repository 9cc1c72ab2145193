import { type Finding, fail, ok, warn } from './finding.ts'

export type Fetch = typeof globalThis.fetch

/** Milliseconds to wait for the issuer. */
const patience = 5000

/** Seconds by which two clocks may differ before lifetimes are wrong. */
const clockTolerance = 30

/** RFC 8414 §3.1: the well-known path goes between the host and the issuer's own path. */
export function metadataUrl(issuer: string): string {
  const url = new URL(issuer)
  const path = url.pathname === '/' ? '' : url.pathname.replace(/\/+$/, '')
  return `${url.origin}/.well-known/oauth-authorization-server${path}`
}

function clockFinding(date: string | null, now: number): Finding[] {
  const theirs = date === null ? Number.NaN : Date.parse(date) / 1000
  if (Number.isNaN(theirs)) return []
  const off = Math.round(Math.abs(theirs - now))
  if (off <= clockTolerance) return [ok('clock', 'agrees with that of the server at the issuer')]
  return [
    fail(
      'clock',
      `differs by ${off} seconds from that of the server at the issuer`,
      'synchronise both, for example with chrony',
    ),
  ]
}

function metadataFindings(issuer: string, url: string, status: number, body: unknown): Finding {
  const said = typeof body === 'object' && body !== null && 'issuer' in body ? body.issuer : undefined
  if (status !== 200 || said === undefined)
    return fail(
      'issuer',
      `${url} answers ${status} without metadata`,
      'route this path to Cardea; the proxy must pass paths on unchanged',
    )
  if (said !== issuer.replace(/\/$/, ''))
    return fail(
      'issuer',
      `${url} names another issuer: ${JSON.stringify(said)}`,
      'set the same CARDEA_ISSUER for every instance',
    )
  return ok('issuer', `${url} answers, and names this issuer`)
}

/** Whether the server that clients reach under the issuer is this one. @param now epoch seconds */
export async function checkIssuer(issuer: string | undefined, fetch: Fetch, now: number): Promise<Finding[]> {
  if (issuer === undefined)
    return [fail('issuer', 'is not set', 'set CARDEA_ISSUER to the address under which this server is reached')]
  const url = metadataUrl(issuer)
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patience) })
    const body: unknown = await response.json().catch(() => undefined)
    return [metadataFindings(issuer, url, response.status, body), ...clockFinding(response.headers.get('date'), now)]
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause)
    return [
      warn(
        'issuer',
        `${url} cannot be reached from here (${reason})`,
        'start the server; if it runs, check DNS, the proxy and its certificate',
      ),
    ]
  }
}
