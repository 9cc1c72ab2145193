import type { Config } from '../config/schema.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const advice =
  'make one with `openssl rand -base64 48`, put it first in CARDEA_SECRETS, run `cardea secret reseal`, and keep the old one behind it for a day'

/** Characters a random secret of 32 or more has at the very least; words and patterns have fewer. */
const leastDifferent = 12

export function checkSecrets({ secrets = [] }: Pick<Config, 'secrets'>): Finding[] {
  if (secrets.length === 0)
    return [fail('secrets', 'none are set', 'set CARDEA_SECRETS, for example from `openssl rand -base64 48`')]
  const findings = secrets.flatMap((secret, index): Finding[] => {
    const which = secrets.length === 1 ? 'the secret' : `secret ${index + 1}`
    if (new Set(secret).size < leastDifferent)
      return [fail('secrets', `${which} is not random: it has few different characters`, advice)]
    if (/^[a-z ]+$/i.test(secret)) return [warn('secrets', `${which} looks like words`, advice)]
    return []
  })
  if (new Set(secrets).size < secrets.length)
    findings.push(warn('secrets', 'the same secret stands twice', 'remove one'))
  return findings.length > 0 ? findings : [ok('secrets', `${secrets.length} set, long enough and varied`)]
}
