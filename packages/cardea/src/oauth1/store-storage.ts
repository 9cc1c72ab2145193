import { digestOf } from '../core/crypto/digest.ts'
import type { Authorization } from '../core/model/authorization.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { Engine } from '../core/ports/engine.ts'
import type { LedgerEntry } from '../core/ports/ledger.ts'
import type { OAuth1ShortTerm } from '../core/ports/oauth1-storage.ts'
import { requirements } from '../core/tokens/requirements.ts'
import type { ApprovalStep, OAuth1Storage } from './storage.ts'

type Kept = Pick<Engine, 'store'> & { readonly accounts: Pick<Engine['accounts'], 'inStore'> }
type Steps = Pick<OAuth1Storage, 'approve' | 'exchange'>

const longTerm = ({
  store,
}: Kept): Pick<OAuth1Storage, 'attempts' | 'findClient' | 'countVerifier' | 'findToken' | 'touchToken'> => ({
  attempts: store.attempts,
  findClient: (consumerKey) => store.clients.find(consumerKey),
  // The time goes first, as in the keys of nonces: what is new lies side by side.
  countVerifier: async ({ digest, createdAt }, window, at) =>
    (await store.attempts.add(`oauth1 verifier ${createdAt} ${digest}`, window, at)).count,
  findToken: (digest) => store.tokenCredentials.find(digest),
  touchToken: (digest, at) => store.tokenCredentials.touch(digest, at),
})

/** What a step writes into the store besides what becomes of the temporary credential. */
function entriesOf(engine: Kept) {
  return {
    approval: ({ approval, interactionId, consent, clientId }: Parameters<Steps['approve']>[0], at: number) => ({
      at,
      ...requirements(engine, clientId, approval.userId),
      ...(interactionId !== undefined && { spend: { kind: 'interaction', id: interactionId } as const }),
      ...(consent !== undefined && { consent }),
    }),
    exchange: ({ authorization, credential }: Parameters<Steps['exchange']>[0], at: number) => ({
      at,
      authorization,
      tokenCredential: credential,
      ...requirements(engine, credential.clientId, credential.userId),
    }),
  } satisfies Record<string, (...args: never[]) => LedgerEntry>
}

/** Everything in the engine's own store: each step is one durable commit. */
export function storeStorage(engine: Kept): OAuth1Storage {
  const { store } = engine
  const entries = entriesOf(engine)
  return {
    ...longTerm(engine),
    claimNonce: (key, until, at) => store.replay.claim(key, until, at),
    saveTemporary: (credential) => store.temporaryCredentials.save(credential),
    findTemporary: (digest) => store.temporaryCredentials.find(digest),
    declineTemporary: (digest) => store.temporaryCredentials.decline(digest),
    removeTemporary: (digest) => store.temporaryCredentials.remove(digest),
    approve: (step, at) => {
      const { digest, approval } = step
      return store.ledger.commit({ ...entries.approval(step, at), approve: { digest, approval } })
    },
    exchange: (step, at) =>
      store.ledger.commit({
        ...entries.exchange(step, at),
        spend: { kind: 'temporary_credential', digest: step.temporary },
      }),
  }
}

/**
 * What stands in the store for an approval that is kept elsewhere, until the approval is exchanged or expires: whoever
 * ends what a user allowed a client, or the user, ends it too, and knows nothing of the storage elsewhere. Its id follows
 * from what is kept there.
 */
const standInOf = (digest: TokenDigest, verifier: TokenDigest): string =>
  digestOf(JSON.stringify(['oauth1 approval', digest, verifier]))

function standIn({ approval, clientId, digest }: ApprovalStep, expiresAt: number, at: number): Authorization {
  const { scope, userId, verifier } = approval
  return { id: standInOf(digest, verifier), clientId, userId, scope, createdAt: at, expiresAt }
}

/**
 * Temporary credentials and nonces elsewhere, all else in the engine's store. What is used up goes first: a crash in
 * between costs a client another round, and buys nobody anything twice.
 */
export function splitStorage(engine: Kept, shortTerm: OAuth1ShortTerm): OAuth1Storage {
  const { authorizations, ledger } = engine.store
  const entries = entriesOf(engine)
  return {
    ...longTerm(engine),
    claimNonce: (key, until, at) => shortTerm.claimNonce(key, until, at),
    saveTemporary: (credential) => shortTerm.saveTemporary(credential),
    findTemporary: (digest) => shortTerm.findTemporary(digest),
    declineTemporary: (digest) => shortTerm.declineTemporary(digest),
    removeTemporary: (digest) => shortTerm.removeTemporary(digest),
    async approve(step, at) {
      const { approval, digest } = step
      const asked = await shortTerm.findTemporary(digest)
      if (asked === undefined || asked.approval !== undefined) return 'spent'
      const authorization = standIn(step, asked.expiresAt, at)
      const outcome = await ledger.commit({ ...entries.approval(step, at), authorization })
      if (outcome !== 'done') return outcome
      if (await shortTerm.approveTemporary(digest, approval, at)) return 'done'
      await authorizations.revoke(authorization.id, at)
      return 'spent'
    },
    async exchange(step, at) {
      const { temporary, verifier } = step
      if (!(await shortTerm.takeTemporary(temporary, at))) return 'spent'
      const under = standInOf(temporary, verifier)
      const outcome = await ledger.commit({ ...entries.exchange(step, at), under })
      // Nobody waits for it: it expires by itself, and what it stood for has its own authorization now.
      if (outcome === 'done') await authorizations.revoke(under, at).catch(() => undefined)
      return outcome
    },
  }
}
