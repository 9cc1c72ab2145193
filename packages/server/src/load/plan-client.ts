import { type Client, hashClientSecret, type SecretHasher } from 'cardea'
import { actionFor, type Change, type PlanContext } from './change.ts'
import { changedFields } from './changed-fields.ts'
import { clientFrom, withoutOldEnd, withSecretHash } from './from-row.ts'
import { isStoredOAuth1Secret, withOAuth1Secret } from './oauth1-registration.ts'
import type { ClientRow } from './rows.ts'
import { isStoredSealedSecret, secretKindOf, withSealedSecret } from './secret-kind.ts'

const minted = 'sha256:'

/** Whether the secret is the one that is stored: a slow hash is verified, a plain digest compared. */
export async function isStoredSecret(hasher: SecretHasher, hash: string | undefined, secret: string): Promise<boolean> {
  if (hash === undefined) return false
  return hash.startsWith(minted) ? (await hashClientSecret(hasher, secret)) === hash : hasher.verify(hash, secret)
}

/** How the row's client secret is to be stored, or undefined when it is stored already. */
async function newSecret(
  { hasher }: PlanContext,
  { client_secret: secret, client_secret_hash: hash }: ClientRow,
  stored: Client | undefined,
): Promise<(() => Promise<string>) | undefined> {
  if (hash !== undefined) return hash === stored?.client_secret_hash ? undefined : async () => hash
  if (secret === undefined || (await isStoredSecret(hasher, stored?.client_secret_hash, secret))) return undefined
  return () => hashClientSecret(hasher, secret)
}

export async function planClient(context: PlanContext, row: ClientRow): Promise<Change> {
  const { store, oauth1Secrets, now } = context
  const stored = await store.clients.find(row.client_id)
  const client = clientFrom(row, stored, now)
  const kind = secretKindOf(client)
  const hash = kind === 'hashed' ? await newSecret(context, row, stored) : undefined
  const { client_secret: given } = row
  const { clientSecrets } = context
  const toSeal =
    kind === 'sealed' && given !== undefined && !isStoredSealedSecret(clientSecrets, stored, given) ? given : undefined
  const shared = row.oauth1?.secret
  const isNewShared = shared !== undefined && !isStoredOAuth1Secret(oauth1Secrets, stored, shared)
  const fields = stored === undefined ? [] : changedFields(stored, client)
  if (stored !== undefined && (hash !== undefined || toSeal !== undefined)) fields.push('client_secret')
  if (stored !== undefined && isNewShared) fields.push('oauth1.secret')
  return {
    kind: 'client',
    key: row.client_id,
    action: actionFor(stored, fields),
    fields,
    async prepare() {
      const withShared = isNewShared ? withOAuth1Secret(oauth1Secrets, client, shared) : client
      const sealed =
        toSeal === undefined ? withShared : withSealedSecret(clientSecrets, withoutOldEnd(withShared, row), toSeal)
      const whole = hash === undefined ? sealed : withSecretHash(sealed, row, await hash())
      return () => store.clients.save(whole)
    },
    async undo() {
      if (stored === undefined) await store.clients.delete(row.client_id)
      else await store.clients.save(stored)
    },
  }
}
