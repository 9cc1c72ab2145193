import type { Engine } from '../core/ports/engine.ts'
import { requirements } from '../core/tokens/issue.ts'
import type { OAuth1Storage } from './storage.ts'

/** Everything in the engine's own store: each step is one durable commit. */
export function storeStorage(engine: Engine): OAuth1Storage {
  const { store } = engine
  return {
    findClient: (consumerKey) => store.clients.find(consumerKey),
    claimNonce: (key, until, at) => store.replay.claim(key, until, at),
    saveTemporary: (credential) => store.temporaryCredentials.save(credential),
    findTemporary: (digest) => store.temporaryCredentials.find(digest),
    removeTemporary: (digest) => store.temporaryCredentials.remove(digest),
    approve: ({ digest, approval, interactionId, consent, clientId }, at) =>
      store.ledger.commit({
        at,
        approve: { digest, approval },
        ...requirements(engine, clientId, approval.userId),
        ...(interactionId !== undefined && { spend: { kind: 'interaction', id: interactionId } }),
        ...(consent !== undefined && { consent }),
      }),
    exchange: ({ temporary, authorization, credential }, at) =>
      store.ledger.commit({
        at,
        spend: { kind: 'temporary_credential', digest: temporary },
        authorization,
        tokenCredential: credential,
        ...requirements(engine, credential.clientId, credential.userId),
      }),
    findToken: (digest) => store.tokenCredentials.find(digest),
    touchToken: (digest, at) => store.tokenCredentials.touch(digest, at),
  }
}
