import { createPublicKey } from 'node:crypto'
import type { Client, OAuth1Registration } from 'cardea'
import { dateText } from './date-text.ts'

/** A registration of OAuth 1 as it may be shown: whether there is a secret, never the sealed one. */
function oauth1View({ sealed_secret: sealed, ...registration }: OAuth1Registration) {
  return { ...registration, has_secret: sealed !== undefined }
}

/** A client as it may be shown: whether it has secrets, never a hash or a sealed one. */
export function clientView({
  client_secret_hash: hash,
  sealed_secret: sealed,
  registration_access_token_digest: _digest,
  oauth1,
  ...client
}: Client) {
  const secret = hash ?? sealed
  return { ...client, has_secret: secret !== undefined, ...(oauth1 !== undefined && { oauth1: oauth1View(oauth1) }) }
}

export type ClientView = ReturnType<typeof clientView>

function keyText(pem: string): string {
  try {
    return `RSA, ${createPublicKey(pem).asymmetricKeyDetails?.modulusLength ?? '?'} bits`
  } catch {
    return 'cannot be read'
  }
}

const datesText = (client: Pick<Client, 'client_id_issued_at' | 'client_secret_expires_at'>) => ({
  client_id_issued_at: dateText(client.client_id_issued_at),
  ...(client.client_secret_expires_at && { client_secret_expires_at: dateText(client.client_secret_expires_at) }),
})

/** The view as lines for people: what OAuth 1 has is on lines of its own, dates are written, and a key is not spelled out. */
export function clientText({ oauth1, ...view }: ClientView): Readonly<Record<string, unknown>> {
  const client = { ...view, ...datesText(view) }
  if (oauth1 === undefined) return client
  const { public_key: pem, ...others } = oauth1
  const fields = { ...others, ...(pem !== undefined && { public_key: keyText(pem) }) }
  return { ...client, ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [`oauth1.${name}`, value])) }
}
