import type { Clock } from '../../core/ports/clock.ts'
import type { Outgoing } from './outgoing.ts'
import { remoteKeySetDocuments } from './remote-key-set-documents.ts'
import { remoteKeySets } from './remote-keys.ts'

/** What others publish at a `jwks_uri`, kept for all who ask: keys that verify, and key sets to encrypt to. */
export const keysElsewhere = (outgoing: Outgoing, clock: Clock) => ({
  keysAt: remoteKeySets({ outgoing, clock }),
  keySetAt: remoteKeySetDocuments(outgoing, clock),
})
