import { digestOf } from '../../core/crypto/digest.ts'
import type { TemporaryApproval, TemporaryCredential } from '../../core/model/temporary-credential.ts'
import type { TokenCredential } from '../../core/model/token-credential.ts'
import type { LedgerEntry, LedgerOutcome } from '../../core/ports/ledger.ts'
import type { Store } from '../../core/ports/store.ts'
import { authorizationNamed, start } from './nouns.ts'

export const temporaryNamed = (name: string, more: Partial<TemporaryCredential> = {}): TemporaryCredential => ({
  digest: digestOf(name),
  clientId: 'client',
  sealedSecret: `sealed ${name}`,
  callback: 'https://client.example/ready?a=1&b=%20',
  scope: ['read', 'write'],
  createdAt: start,
  expiresAt: start + 600,
  ...more,
})

export const approvalNamed = (name: string, more: Partial<TemporaryApproval> = {}): TemporaryApproval => ({
  userId: 'user',
  scope: ['read'],
  verifier: digestOf(`verifier ${name}`),
  ...more,
})

export const tokenCredentialNamed = (
  name: string,
  authorizationId: string,
  more: Partial<TokenCredential> = {},
): TokenCredential => ({
  digest: digestOf(name),
  authorizationId,
  clientId: 'client',
  userId: 'user',
  scope: ['read'],
  sealedSecret: `sealed ${name}`,
  issuedAt: start,
  ...more,
})

export const saveApproved = (store: Store, name: string, more: Partial<TemporaryCredential> = {}): Promise<void> =>
  store.temporaryCredentials.save(temporaryNamed(name, { approval: approvalNamed(name), ...more }))

/** Approves in the ledger, together with what is given. */
export const approve = (store: Store, name: string, more: Partial<LedgerEntry> = {}): Promise<LedgerOutcome> =>
  store.ledger.commit({
    at: start,
    approve: { digest: digestOf(name), approval: approvalNamed(name) },
    ...more,
  })

/** One of many that exchange the same temporary credential; what it buys carries the number. */
export const exchange = (store: Store, name: string, number = 0, at = start): Promise<LedgerOutcome> =>
  store.ledger.commit({
    at,
    spend: { kind: 'temporary_credential', digest: digestOf(name) },
    authorization: authorizationNamed(`${name} ${number}`),
    tokenCredential: tokenCredentialNamed(`${name} token ${number}`, `${name} ${number}`),
  })

/** An authorization `family` with the token credential `<family> token` under it. */
export async function saveSigner(store: Store, family: string, more: Partial<TokenCredential> = {}): Promise<void> {
  const { clientId, userId, ...credential } = tokenCredentialNamed(`${family} token`, family, more)
  await store.ledger.commit({
    at: start,
    authorization: authorizationNamed(family, { clientId, userId }),
    tokenCredential: { ...credential, clientId, userId },
  })
}

/** Whether the token credential can be found and neither it nor its authorization was revoked. */
export async function isLiveSigner(store: Store, name: string): Promise<boolean> {
  const found = await store.tokenCredentials.find(digestOf(name))
  return found !== undefined && !found.revoked
}
