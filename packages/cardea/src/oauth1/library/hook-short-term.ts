import type { TemporaryCredential } from '../../core/model/temporary-credential.ts'
import type { OAuth1ShortTerm } from '../../core/ports/oauth1-storage.ts'
import { type HookTable, missingHook } from './hooks.ts'

const isOpen = (credential: TemporaryCredential, at: number): boolean =>
  credential.takenAt === undefined && at < credential.expiresAt

/** Hooks behind the port, each in front of what `given` does for it. */
export function hookShortTerm(hooks: HookTable, given: OAuth1ShortTerm | undefined): OAuth1ShortTerm {
  const find: OAuth1ShortTerm['findTemporary'] = async (digest) => {
    if (hooks.getTemporaryCredential) return (await hooks.getTemporaryCredential(digest)) ?? undefined
    return given === undefined ? missingHook('getTemporaryCredential') : given.findTemporary(digest)
  }
  const claimNonce: OAuth1ShortTerm['claimNonce'] = async (key, until, at) => {
    if (hooks.claimNonce) return hooks.claimNonce(key, until, at)
    return given === undefined ? missingHook('claimNonce') : given.claimNonce(key, until, at)
  }
  /** No hook of the source can tell a decline and an approval apart in one step, and a nonce can be claimed once. */
  const isFirstAnswer = async ({ digest, createdAt, expiresAt }: TemporaryCredential): Promise<boolean> =>
    (await claimNonce(`oauth1 answer ${digest}`, expiresAt, createdAt)) === 'first'

  return {
    findTemporary: find,
    claimNonce,
    async saveTemporary(credential) {
      if (hooks.createTemporaryCredential) await hooks.createTemporaryCredential(credential)
      else await (given ?? missingHook('createTemporaryCredential')).saveTemporary(credential)
    },
    async declineTemporary(digest) {
      const { createAuthorizationVerifier, deleteTemporaryCredential: remove } = hooks
      if (given !== undefined && createAuthorizationVerifier === undefined && remove === undefined)
        return given.declineTemporary(digest)
      const credential = await find(digest)
      if (credential === undefined || credential.approval !== undefined) return false
      if (!(await isFirstAnswer(credential))) return false
      if (remove) return (await remove(digest)) === true
      return (given ?? missingHook('deleteTemporaryCredential')).removeTemporary(digest)
    },
    async removeTemporary(digest) {
      if (hooks.deleteTemporaryCredential) return hooks.deleteTemporaryCredential(digest)
      return (given ?? missingHook('deleteTemporaryCredential')).removeTemporary(digest)
    },
    async approveTemporary(digest, approval, at) {
      const { createAuthorizationVerifier: hook, deleteTemporaryCredential } = hooks
      if (given !== undefined && hook === undefined && deleteTemporaryCredential === undefined)
        return given.approveTemporary(digest, approval, at)
      const credential = await find(digest)
      if (credential === undefined || !isOpen(credential, at) || credential.approval !== undefined) return false
      if (hook === undefined && given === undefined) return missingHook('createAuthorizationVerifier')
      if (!(await isFirstAnswer(credential))) return false
      if (hook) return (await hook(digest, approval, at)) === true
      return (given as OAuth1ShortTerm).approveTemporary(digest, approval, at)
    },
    async takeTemporary(digest, at) {
      const hook = hooks.deleteTemporaryCredential
      if (hook === undefined) return (given ?? missingHook('deleteTemporaryCredential')).takeTemporary(digest, at)
      const credential = await find(digest)
      if (credential?.approval === undefined || !isOpen(credential, at)) return false
      return (await hook(digest)) === true
    },
  }
}
