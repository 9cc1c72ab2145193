import type { OAuth1Secrets, Store } from 'cardea'
import { everyPage } from '../cli/every-page.ts'
import { signatureMethodsOf, speaksOAuth1 } from '../config/oauth1-schema.ts'
import type { Config } from '../config/schema.ts'
import { type Finding, fail, note, ok } from './finding.ts'

const weak: Readonly<Record<string, string>> = {
  PLAINTEXT: 'sends the secrets themselves with every request',
  'HMAC-SHA1': 'rests on SHA-1, which nobody has broken for HMAC yet',
  'RSA-SHA1': 'rests on SHA-1, for which collisions are made: signatures can be forged in time',
}

/** Which weaker signature methods are on. */
export function checkOAuth1Settings({ oauth1 }: Pick<Config, 'oauth1'>): Finding[] {
  if (!speaksOAuth1(oauth1)) return []
  const findings = signatureMethodsOf(oauth1).flatMap((name): Finding[] => {
    const why = weak[name]
    if (why === undefined) return []
    return [
      note('oauth1', `${name} is on; it ${why}`, `leave it out of oauth1.signatureMethods when no client needs it`),
    ]
  })
  return findings.length > 0 ? findings : [ok('oauth1', 'only strong signature methods are on')]
}

interface Seals {
  readonly findings: readonly Finding[]
  /** How many are sealed under a secret that is not the first. */
  readonly older: number
}

async function sealsOfClients(store: Store, secrets: OAuth1Secrets): Promise<Seals> {
  const findings: Finding[] = []
  let older = 0
  for await (const { client_id: id, oauth1 } of everyPage(
    (page) => store.clients.list(page),
    (row) => row.client_id,
  )) {
    const sealed = oauth1?.sealed_secret
    if (sealed === undefined) continue
    if (secrets.resealClientSecret(id, sealed) !== undefined) older += 1
    if (secrets.openClientSecret(id, sealed) !== undefined) continue
    findings.push(
      fail(
        'oauth1 secrets',
        `none of the secrets opens that of client ${id}: nothing it signs is accepted`,
        `put the secret it was sealed under behind the first one, or run \`cardea client update ${id} --rotate-oauth1-secret\``,
      ),
    )
  }
  return { findings, older }
}

async function sealsOfCredentials(store: Store, secrets: OAuth1Secrets): Promise<Seals> {
  let [closed, older] = [0, 0]
  for await (const { credential, revoked } of everyPage(
    (page) => store.tokenCredentials.list({}, page),
    (row) => row.credential.digest,
  )) {
    if (revoked) continue
    if (!secrets.opensCredential(credential)) closed += 1
    else if (secrets.resealCredential(credential) !== undefined) older += 1
  }
  if (closed === 0) return { findings: [], older }
  const lost = fail(
    'oauth1 secrets',
    `none of the secrets opens ${closed} token credentials of OAuth 1: nothing signed with them is accepted`,
    'put the secret they were sealed under behind the first one',
  )
  return { findings: [lost], older }
}

/** Whether what was sealed can still be opened: secrets that are gone take OAuth 1 with them, and nobody is told. */
export async function checkSealedSecrets(store: Store, secrets: OAuth1Secrets | undefined): Promise<Finding[]> {
  if (secrets === undefined) return []
  const [clients, credentials] = [await sealsOfClients(store, secrets), await sealsOfCredentials(store, secrets)]
  const findings = [...clients.findings, ...credentials.findings]
  const older = clients.older + credentials.older
  if (older > 0)
    findings.push(
      note(
        'oauth1 secrets',
        `${older} are sealed under an older secret, which has to stay until they are not`,
        'run `cardea oauth1 reseal`',
      ),
    )
  return findings.length > 0 ? findings : [ok('oauth1 secrets', 'everything that is sealed can be opened')]
}
