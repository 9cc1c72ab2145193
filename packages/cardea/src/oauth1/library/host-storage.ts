import type { Keyring } from '../../core/crypto/keyring.ts'
import type { OAuth1ShortTerm } from '../../core/ports/oauth1-storage.ts'
import type { OAuth1Storage } from '../storage.ts'
import { type HookTable, missingHook } from './hooks.ts'
import { type ClientModels, clientFrom, credentialFrom, type TokenModels } from './models.ts'

export interface HostParts {
  readonly keyring: Keyring
  readonly clients: ClientModels
  readonly tokens: TokenModels | undefined
  readonly shortTerm: OAuth1ShortTerm
  readonly hooks: HookTable
  readonly verifierAttempts: number
}

/**
 * A host's own models behind the port. What is used up goes before what it buys is made: a crash in between costs a
 * client another round, and buys nobody anything twice.
 */
export function hostStorage({
  keyring,
  clients,
  tokens,
  shortTerm,
  hooks,
  verifierAttempts,
}: HostParts): OAuth1Storage {
  return {
    async findClient(consumerKey) {
      const model = await clients.find(consumerKey)
      // One that is found by another key than was asked for, as by columns without case, would be somebody else.
      return model?.clientId === consumerKey ? clientFrom(keyring, model) : undefined
    },
    claimNonce: (key, until, at) => shortTerm.claimNonce(key, until, at),
    saveTemporary: (credential) => shortTerm.saveTemporary(credential),
    findTemporary: (digest) => shortTerm.findTemporary(digest),
    declineTemporary: (digest) => shortTerm.declineTemporary(digest),
    removeTemporary: (digest) => shortTerm.removeTemporary(digest),
    async countVerifier({ digest }, window, at) {
      // Each try is a mark that can be made once: a count that no two processes can get wrong.
      for (let count = 1; count <= verifierAttempts; count += 1) {
        if ((await shortTerm.claimNonce(`verifier ${digest} ${count}`, at + window, at)) === 'first') return count
      }
      return verifierAttempts + 1
    },
    approve: async ({ digest, approval }, at) =>
      (await shortTerm.approveTemporary(digest, approval, at)) ? 'done' : 'spent',
    async exchange({ temporary, credential, plain }, at) {
      // Before anything is used up: a hook that is missing must not cost a client its credential.
      const save = hooks.createTokenCredential ?? tokens?.save.bind(tokens) ?? missingHook('createTokenCredential')
      if (!(await shortTerm.takeTemporary(temporary, at))) return 'spent'
      await save({ credential, ...plain })
      return 'done'
    },
    async findToken(digest, token) {
      const model = await tokens?.find(token, digest)
      return model == null ? undefined : credentialFrom(keyring, token, model)
    },
    touchToken: async () => {},
  }
}
