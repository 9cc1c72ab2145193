import type { Authorization } from '../../core/model/authorization.ts'
import type { Ledger, LedgerEntry, LedgerOutcome, Spend, Use } from '../../core/ports/ledger.ts'
import { refuseMixedApproval } from '../entry-faults.ts'
import { requiredAuthorization } from '../required-authorization.ts'
import { approvingDevice, spendingDevice } from './device-requests.ts'
import { refuseExisting } from './insert-new.ts'
import { takeInteraction } from './interactions.ts'
import { takePushed } from './pushed-requests.ts'
import { mark } from './replay.ts'
import { consentKey, type Family, type Tables } from './tables.ts'
import { approving, taking } from './temporary-credentials.ts'
import { exchanging } from './token-credentials.ts'
import { userStands } from './users.ts'

export const memoryLedger = (tables: Tables, usesUp: NonNullable<Ledger['usesUp']>): Ledger => ({
  usesUp,
  async commit(entry) {
    return commit(tables, entry)
  },
})

function commit(tables: Tables, entry: LedgerEntry): LedgerOutcome {
  refuseMixedApproval(entry)
  const used = firstUsed(tables, entry)
  if (used !== -1) return { used }
  const family = requiredAuthorization(entry) ?? spentFamily(tables, entry.spend)
  if (family !== undefined && !isLiveFamily(tables, family)) return 'revoked'
  if (entry.requireClient !== undefined && !isEnabled(tables.clients.get(entry.requireClient))) return 'revoked'
  if (entry.requireUser !== undefined && !userStands(tables, entry.requireUser, entry.requirePassword)) return 'revoked'
  if (wasSpent(tables, entry.spend)) return 'spent'
  const spend = entry.spend === undefined ? doNothing : spending(tables, entry.spend, family, entry.at)
  const approve = approval(tables, entry)
  if (spend === undefined || approve === undefined) return 'spent'
  refuseExisting(tables.families, entry.authorization?.id)
  refuseExisting(tables.codes, entry.code?.digest)
  refuseExisting(tables.accessTokens, entry.accessToken?.digest)
  refuseExisting(tables.refreshTokens, entry.refreshToken?.digest)
  refuseExisting(tables.tokenCredentials, entry.tokenCredential?.digest)
  spend()
  approve()
  save(tables, entry)
  return 'done'
}

/** Uses up what the request was made with, in order: the place of the first that was used before, or -1. */
const firstUsed = (tables: Tables, { at, uses = [] }: LedgerEntry): number =>
  uses.findIndex((use) => !isFirst(tables, use, at))

const isFirst = (tables: Tables, use: Use, at: number): boolean =>
  use.kind === 'mark' ? mark(tables, use.key, use.until, at) : takePushed(tables, use.digest, at)

function approval(tables: Tables, { approve, approveDevice, at }: LedgerEntry): (() => void) | undefined {
  if (approveDevice !== undefined) return approvingDevice(tables, approveDevice, at)
  return approve === undefined ? doNothing : approving(tables, approve, at)
}

const spentFamily = (tables: Tables, what: Spend | undefined): string | undefined =>
  what?.kind === 'refresh_token' ? tables.refreshTokens.get(what.digest)?.authorizationId : undefined

/** Told before new rows are looked at: a replay brings the very ids that the first commit saved. */
function wasSpent(tables: Tables, what: Spend | undefined): boolean {
  if (what?.kind === 'code') return tables.codes.get(what.digest)?.spentAt !== undefined
  return what?.kind === 'refresh_token' && tables.refreshTokens.get(what.digest)?.spentAt !== undefined
}

function isLiveFamily(tables: Tables, id: string): boolean {
  const family = tables.families.get(id)
  return family !== undefined && family.authorization.revokedAt === undefined
}

const isEnabled = (holder: { disabled?: boolean } | undefined): boolean => holder !== undefined && !holder.disabled

const doNothing = (): void => undefined

/** The step that spends, or nothing where that was done before: whatever can refuse comes before the first change. */
function spending(tables: Tables, what: Spend, family: string | undefined, at: number): (() => void) | undefined {
  switch (what.kind) {
    case 'code': {
      const code = tables.codes.get(what.digest)
      if (code === undefined || code.spentAt !== undefined) return undefined
      return () => tables.codes.set(what.digest, { ...code, spentAt: at })
    }
    case 'refresh_token': {
      const token = tables.refreshTokens.get(what.digest)
      if (token === undefined || token.spentAt !== undefined || token.authorizationId !== family) return undefined
      return () => {
        tables.refreshTokens.set(what.digest, { ...token, spentAt: at, successor: what.successor })
        if (what.endAccessTokens) endAccessTokens(tables, token.authorizationId, at)
      }
    }
    case 'interaction': {
      const interaction = tables.interactions.get(what.id)
      if (interaction === undefined || interaction.takenAt !== undefined) return undefined
      return () => takeInteraction(tables, what.id, at)
    }
    case 'token_credential':
      return exchanging(tables, what, at)
    case 'temporary_credential':
      return taking(tables, what.digest, at)
    case 'device_request':
      return spendingDevice(tables, what.digest, at)
  }
}

function endAccessTokens(tables: Tables, family: string, at: number): void {
  for (const digest of tables.families.get(family)?.accessTokens ?? []) {
    const token = tables.accessTokens.get(digest)
    if (token !== undefined && token.revokedAt === undefined) {
      tables.accessTokens.set(digest, { ...token, revokedAt: at })
    }
  }
}

function save(tables: Tables, entry: LedgerEntry): void {
  const { authorization, code, accessToken, refreshToken, tokenCredential, consent } = entry
  if (authorization !== undefined) tables.families.set(authorization.id, newFamily(authorization))
  if (code !== undefined) tables.codes.set(code.digest, code)
  if (accessToken !== undefined) {
    tables.accessTokens.set(accessToken.digest, accessToken)
    if (accessToken.authorizationId !== undefined) {
      tables.families.get(accessToken.authorizationId)?.accessTokens.add(accessToken.digest)
    }
  }
  if (refreshToken !== undefined) {
    tables.refreshTokens.set(refreshToken.digest, refreshToken)
    tables.families.get(refreshToken.authorizationId)?.refreshTokens.add(refreshToken.digest)
  }
  if (tokenCredential !== undefined) {
    tables.tokenCredentials.set(tokenCredential.digest, tokenCredential)
    tables.families.get(tokenCredential.authorizationId)?.tokenCredentials.add(tokenCredential.digest)
  }
  if (consent !== undefined) tables.consents.set(consentKey(consent.userId, consent.clientId), consent)
}

const newFamily = (authorization: Authorization): Family => ({
  authorization,
  accessTokens: new Set(),
  refreshTokens: new Set(),
  tokenCredentials: new Set(),
})
