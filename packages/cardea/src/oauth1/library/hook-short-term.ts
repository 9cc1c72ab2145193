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
  return {
    findTemporary: find,
    async claimNonce(key, until, at) {
      if (hooks.claimNonce) return hooks.claimNonce(key, until, at)
      return given === undefined ? missingHook('claimNonce') : given.claimNonce(key, until, at)
    },
    async saveTemporary(credential) {
      if (hooks.createTemporaryCredential) await hooks.createTemporaryCredential(credential)
      else await (given ?? missingHook('createTemporaryCredential')).saveTemporary(credential)
    },
    async removeTemporary(digest) {
      if (hooks.deleteTemporaryCredential) return hooks.deleteTemporaryCredential(digest)
      return (given ?? missingHook('deleteTemporaryCredential')).removeTemporary(digest)
    },
    async approveTemporary(digest, approval, at) {
      const hook = hooks.createAuthorizationVerifier
      if (hook === undefined)
        return (given ?? missingHook('createAuthorizationVerifier')).approveTemporary(digest, approval, at)
      const credential = await find(digest)
      if (credential === undefined || !isOpen(credential, at) || credential.approval !== undefined) return false
      return (await hook(digest, approval, at)) === true
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
