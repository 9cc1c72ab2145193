import type { TokenDigest } from '../../core/model/digest.ts'
import type { TemporaryApproval, TemporaryCredential } from '../../core/model/temporary-credential.ts'
import type { TemporaryCredentials } from '../../core/ports/temporary-credentials.ts'
import { insertNew } from './insert-new.ts'
import type { Tables } from './tables.ts'

export const memoryTemporaryCredentials = (tables: Tables): TemporaryCredentials => ({
  async save(credential) {
    insertNew(tables.temporaryCredentials, credential.digest, credential)
  },
  async find(digest) {
    return tables.temporaryCredentials.get(digest)
  },
  async decline(digest) {
    const credential = tables.temporaryCredentials.get(digest)
    if (credential === undefined || credential.approval !== undefined) return false
    return tables.temporaryCredentials.delete(digest)
  },
  async remove(digest) {
    return tables.temporaryCredentials.delete(digest)
  },
})

const pending = (tables: Tables, digest: TokenDigest, at: number): TemporaryCredential | undefined => {
  const credential = tables.temporaryCredentials.get(digest)
  if (credential === undefined || credential.takenAt !== undefined || credential.expiresAt <= at) return undefined
  return credential
}

/** The step that approves, or nothing where that cannot be. */
export function approving(
  tables: Tables,
  { digest, approval }: { readonly digest: TokenDigest; readonly approval: TemporaryApproval },
  at: number,
): (() => void) | undefined {
  const credential = pending(tables, digest, at)
  if (credential === undefined || credential.approval !== undefined) return undefined
  return () => tables.temporaryCredentials.set(digest, { ...credential, approval })
}

/** The step that takes an approved one, or nothing where that cannot be. */
export function taking(tables: Tables, digest: TokenDigest, at: number): (() => void) | undefined {
  const credential = pending(tables, digest, at)
  if (credential?.approval === undefined) return undefined
  return () => tables.temporaryCredentials.set(digest, { ...credential, takenAt: at })
}
