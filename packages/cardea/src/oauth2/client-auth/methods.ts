import type { SecretHasher } from '../../core/ports/secret-hasher.ts'
import { secretCheck } from './client-secret.ts'
import { clientSecretBasic } from './client-secret-basic.ts'
import { clientSecretPost } from './client-secret-post.ts'
import type { ClientAuthMethod } from './method.ts'
import { none } from './none.ts'

/** Every client authentication method there is. */
export function clientAuthMethods(hasher: SecretHasher): readonly ClientAuthMethod[] {
  const check = secretCheck(hasher)
  return [clientSecretBasic(check), clientSecretPost(check), none]
}
