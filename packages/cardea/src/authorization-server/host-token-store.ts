import type { TokenDigest } from '../core/model/digest.ts'
import type { Store } from '../core/ports/store.ts'
import type { FoundAccessToken, FoundRefreshToken, Tokens } from '../core/ports/tokens.ts'
import { secondsIn } from './column.ts'
import { endingsOf } from './host-endings.ts'
import { hostTokenLedger } from './host-token-ledger.ts'
import type { HostTokens, TokenRow } from './host-tokens.ts'
import { replacing } from './replacing.ts'
import { accessFrom, refreshFrom } from './token-row.ts'

async function accessOf(store: Store, row: TokenRow): Promise<FoundAccessToken | undefined> {
  const token = accessFrom(row)
  const { authorizationId } = token
  const family = authorizationId === undefined ? undefined : await store.authorizations.find(authorizationId)
  // What it came from is gone, and so is the token.
  if (authorizationId !== undefined && family === undefined) return undefined
  return { token, revoked: Boolean(row.revoked) || token.revokedAt !== undefined || family?.revokedAt !== undefined }
}

async function refreshOf(store: Store, row: TokenRow): Promise<FoundRefreshToken | undefined> {
  const family = row.authorization_id == null ? undefined : await store.authorizations.find(row.authorization_id)
  if (family === undefined) return undefined
  const isOver = Boolean(row.revoked) && family.revokedAt === undefined
  // The host has ended the row by itself.
  const authorization = isOver ? { ...family, revokedAt: secondsIn('issued_at', row.issued_at) } : family
  return { token: refreshFrom(row, family), authorization }
}

const noList = (): never => {
  throw new TypeError('tokens.list: is needed to list the tokens of the host')
}

function tokensOf(store: Store, tokens: HostTokens): Tokens {
  const given = <T>(row: TokenRow | undefined | null, find: (row: TokenRow) => Promise<T>) =>
    row == null ? undefined : find(row)
  return {
    findAccess: async (digest) => given(await tokens.findByAccessToken(digest), (row) => accessOf(store, row)),
    findRefresh: async (digest) => given(await tokens.findByRefreshToken(digest), (row) => refreshOf(store, row)),
    revokeAccess: async (digest: TokenDigest, at) => (await tokens.revokeAccessToken(digest, at)) === true,
    async listAccess(filter, page) {
      const rows = await (tokens.list?.('access', filter, page) ?? noList())
      const found = await Promise.all(rows.map((row) => accessOf(store, row)))
      return found.filter((token) => token !== undefined)
    },
    async listRefresh(filter, page) {
      const rows = await (tokens.list?.('refresh', filter, page) ?? noList())
      const found = await Promise.all(rows.map((row) => refreshOf(store, row)))
      return found.filter((token) => token !== undefined)
    },
  }
}

/**
 * The store with the host's table of tokens in place of its own. What was allowed stays in the store, and with it the
 * decision whether anything that comes from it is valid.
 */
export const withHostTokens = (store: Store, tokens: HostTokens): Store =>
  replacing(store, {
    tokens: tokensOf(store, tokens),
    ...endingsOf(store, (rows) => tokens.revoke(rows)),
    ledger: hostTokenLedger(store, tokens),
    housekeeping: {
      sweep: async (at, limit) =>
        (await store.housekeeping.sweep(at, limit)) + ((await tokens.sweep?.(at, limit)) ?? 0),
    },
  })
