import type { SecretHasher } from '../../core/ports/secret-hasher.ts'
import { secretCheck } from './client-secret.ts'
import { clientSecretBasic } from './client-secret-basic.ts'
import { clientSecretPost } from './client-secret-post.ts'
import type { ClientAuthMethod } from './method.ts'
import { none } from './none.ts'

/** Methods that there can be, besides those of the host. */
export const clientAuthMethodNames: readonly string[] = [
  'client_secret_basic',
  'client_secret_post',
  'none',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
]

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
