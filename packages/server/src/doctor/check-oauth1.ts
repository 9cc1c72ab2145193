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

async function closedClients(store: Store, secrets: OAuth1Secrets): Promise<Finding[]> {
  const findings: Finding[] = []
  for await (const { client_id: id, oauth1 } of everyPage(
    (page) => store.clients.list(page),
    (row) => row.client_id,
  )) {
    const sealed = oauth1?.sealed_secret
    if (sealed === undefined || secrets.openClientSecret(sealed) !== undefined) continue
    findings.push(
      fail(
        'oauth1 secrets',
        `none of the secrets opens that of client ${id}: nothing it signs is accepted`,
        `put the secret it was sealed under behind the first one, or run \`cardea client update ${id} --rotate-oauth1-secret\``,
      ),
    )
  }
  return findings
}

async function closedCredentials(store: Store, secrets: OAuth1Secrets): Promise<Finding[]> {
  let closed = 0
  for await (const { credential, revoked } of everyPage(
    (page) => store.tokenCredentials.list({}, page),
    (row) => row.credential.digest,
  )) {
    if (!revoked && !secrets.opensCredential(credential)) closed += 1
  }
  if (closed === 0) return []
  return [
    fail(
      'oauth1 secrets',
      `none of the secrets opens ${closed} token credentials of OAuth 1: nothing signed with them is accepted`,
      'put the secret they were sealed under behind the first one',
    ),
  ]
}

/** Whether what was sealed can still be opened: secrets that are gone take OAuth 1 with them, and nobody is told. */
export async function checkSealedSecrets(store: Store, secrets: OAuth1Secrets | undefined): Promise<Finding[]> {
  if (secrets === undefined) return []
  const closed = [...(await closedClients(store, secrets)), ...(await closedCredentials(store, secrets))]
  return closed.length > 0 ? closed : [ok('oauth1 secrets', 'everything that is sealed can be opened')]
}
