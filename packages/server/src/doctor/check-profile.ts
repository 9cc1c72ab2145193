import type { Store } from 'cardea'
import { everyPage } from '../cli/every-page.ts'
import type { PresetName } from '../config/preset-schema.ts'
import { type Finding, note, ok, warn } from './finding.ts'
import { objectionsTo, type ProfileContext } from './profile-rules.ts'

/** A profile, and what the configuration says with it. */
export interface AskedProfile extends ProfileContext {
  readonly name: PresetName
}

/** What a profile would refuse of every client that is not disabled. */
export async function checkProfile(store: Store, profile: AskedProfile): Promise<Finding[]> {
  const check = `profile ${profile.name}`
  const findings: Finding[] = []
  const pages = everyPage(
    (page) => store.clients.list(page),
    ({ client_id }) => client_id,
  )
  for await (const client of pages) {
    if (client.disabled) continue
    for (const { advice, refused, unsure = false } of objectionsTo(client, profile.name, profile))
      findings.push((unsure ? note : warn)(check, `refuses client ${client.client_id}: ${refused}`, advice))
  }
  return findings.length > 0 ? findings : [ok(check, 'refuses nothing of any client')]
}
