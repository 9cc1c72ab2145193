import { createPublicKey } from 'node:crypto'
import type { Client, OAuth1Registration, OAuth1Secrets } from 'cardea'
import { InvalidInput } from '../config/problems.ts'
import type { ClientRow, OAuth1Row } from './rows.ts'

/** One spelling per key, whatever it was handed over as: a row that says the same changes nothing. */
function publicKeyOf(pem: string): string {
  try {
    return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()
  } catch {
    return pem
  }
}

/** What a row declares of OAuth 1; its shared secret is not dealt with and stays as it is stored. */
export function registrationFrom(row: OAuth1Row, stored: OAuth1Registration | undefined): OAuth1Registration {
  const { public_key: pem, callbacks, signature_methods: methods } = row
  return {
    ...(stored?.sealed_secret !== undefined && { sealed_secret: stored.sealed_secret }),
    ...(pem !== undefined && { public_key: publicKeyOf(pem) }),
    callbacks: callbacks ?? [],
    ...(methods !== undefined && { signature_methods: methods }),
  }
}

/** The row that declares a stored registration as it is. */
export const oauth1RowFrom = ({ sealed_secret: _, ...said }: OAuth1Registration): OAuth1Row =>
  structuredClone(said) as OAuth1Row

const needSecrets =
  'secrets: are needed to seal a secret of OAuth 1; set CARDEA_SECRETS to those of the server, or name its configuration with --config'

export function withOAuth1Secret(secrets: OAuth1Secrets | undefined, client: Client, secret: string): Client {
  if (secrets === undefined) throw new InvalidInput([needSecrets])
  const sealed_secret = secrets.sealClientSecret(client.client_id, secret)
  return { ...client, oauth1: { callbacks: [], ...client.oauth1, sealed_secret } }
}

/** Sealed twice the same secret looks different: the stored one is opened. */
export function isStoredOAuth1Secret(
  secrets: OAuth1Secrets | undefined,
  stored: Client | undefined,
  secret: string,
): boolean {
  if (secrets === undefined) throw new InvalidInput([needSecrets])
  const sealed = stored?.oauth1?.sealed_secret
  return stored !== undefined && sealed !== undefined && secrets.openClientSecret(stored.client_id, sealed) === secret
}

/** Grants that an application of OAuth 1 needs to move on, and that need no secret besides the one it signs with. */
const movingOn = ['urn:ietf:params:oauth:grant-type:token-exchange', 'refresh_token']

/** Whether a row declares a client that speaks OAuth 1 only, or is moving from it: it gets no secret of OAuth 2. */
export const isOAuth1Only = (row: ClientRow): boolean =>
  row.oauth1 !== undefined &&
  (row.redirect_uris ?? []).length === 0 &&
  (row.grant_types ?? []).every((type) => movingOn.includes(type)) &&
  row.client_secret === undefined &&
  row.client_secret_hash === undefined
