import { digestPrefixFrom, type Store, type TokenDigest } from 'cardea'
import { CommandFailure, exitCode, usage } from './exit-codes.ts'

export type TokenFilter = Parameters<Store['tokens']['listAccess']>[0]
export type FoundAccessToken = Awaited<ReturnType<Store['tokens']['listAccess']>>[number]
export type FoundRefreshToken = Awaited<ReturnType<Store['tokens']['listRefresh']>>[number]

export type FoundTokenCredential = Awaited<ReturnType<Store['tokenCredentials']['list']>>[number]

export type TokenAt =
  | { readonly kind: 'access'; readonly digest: TokenDigest }
  | { readonly kind: 'refresh' | 'oauth1'; readonly digest: TokenDigest; readonly authorizationId: string }

/** The one token a reference stands for. Two are possible in theory, and then it must not be a guess which to end. */
export async function tokenAt(store: Store, reference: string): Promise<TokenAt | undefined> {
  if (!/^\d{1,15}$/.test(reference) || Number(reference) >= 2 ** 48) {
    throw usage(`reference: got ${JSON.stringify(reference)}; must be a number from \`cardea token list\``)
  }
  const filter = { digestPrefix: digestPrefixFrom(Number(reference)) }
  const access = await store.tokens.listAccess(filter, { limit: 2 })
  const refresh = await store.tokens.listRefresh(filter, { limit: 2 })
  const credentials = await store.tokenCredentials.list(filter, { limit: 2 })
  const found: TokenAt[] = [
    ...access.map(({ token }) => ({ kind: 'access' as const, digest: token.digest })),
    ...refresh.map(({ token }) => ({
      kind: 'refresh' as const,
      digest: token.digest,
      authorizationId: token.authorizationId,
    })),
    ...credentials.map(({ credential }) => ({
      kind: 'oauth1' as const,
      digest: credential.digest,
      authorizationId: credential.authorizationId,
    })),
  ]
  if (found.length > 1)
    throw new CommandFailure(exitCode.failed, `${reference} stands for several tokens: use --client`)
  return found[0]
}

/** Ends everything issued to a client, for a user, or to the one for the other. Returns how many authorizations ended. */
export async function revokeFor(store: Store, { clientId, userId }: TokenFilter, at: number): Promise<number> {
  if (userId !== undefined) return store.authorizations.revokeByUser(userId, at, clientId)
  if (clientId !== undefined) return store.authorizations.revokeByClient(clientId, at)
  // Without a filter it would be everybody's, which nobody has asked for.
  throw new TypeError('a client or a user must be named')
}
