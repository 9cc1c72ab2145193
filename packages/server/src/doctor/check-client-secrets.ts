import type { Client, Store } from 'cardea'
import { dateText } from '../cli/date-text.ts'
import { everyPage } from '../cli/every-page.ts'
import { type Finding, ok, warn } from './finding.ts'

const day = 86_400

/** Time enough to hand a new secret to whoever runs the client. */
const notice = 30 * day

function findingOf({ client_id: id, client_secret_expires_at: end = 0, disabled }: Client, now: number): Finding[] {
  if (end === 0 || disabled === true || end > now + notice) return []
  const days = Math.ceil((end - now) / day)
  const when = days <= 0 ? 'expired' : days === 1 ? 'expires within a day,' : `expires in ${days} days,`
  const text = `that of client ${id} ${when} at ${dateText(end)}`
  return [
    warn(
      'client secrets',
      text,
      `run \`cardea client update ${id} --rotate-secret\`, with --secret-expires for the new one`,
    ),
  ]
}

/** Which clients cannot authenticate soon, or any more, because their secret comes to its end. @param now epoch seconds */
export async function checkClientSecrets(store: Store, now: number): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const client of everyPage(
    (page) => store.clients.list(page),
    (row) => row.client_id,
  )) {
    findings.push(...findingOf(client, now))
  }
  return findings.length > 0 ? findings : [ok('client secrets', 'none expires within 30 days')]
}
