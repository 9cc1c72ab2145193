import type { SecretHasher } from '../../core/ports/secret-hasher.ts'
import { secretCheck } from './client-secret.ts'
import { clientSecretBasic } from './client-secret-basic.ts'
import { clientSecretPost } from './client-secret-post.ts'
import type { ClientAuthMethod } from './method.ts'
import { none } from './none.ts'

/**
 * Every client authentication method there is, those of the host last.
 * @throws TypeError when two have one name: a client that is registered for it would mean one of them, nobody knows which
 */
export function clientAuthMethods(
  hasher: SecretHasher,
  own: readonly ClientAuthMethod[] = [],
): readonly ClientAuthMethod[] {
  const check = secretCheck(hasher)
  const methods = [clientSecretBasic(check), clientSecretPost(check), none, ...own]
  const names = methods.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined) throw new TypeError(`clientAuthMethods: ${JSON.stringify(twice)} is there twice`)
  return methods
}
