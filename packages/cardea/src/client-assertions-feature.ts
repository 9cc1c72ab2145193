import { publicKeyAlgorithms, type SigningAlgorithm, secretKeyAlgorithms } from './core/crypto/jose/algorithms.ts'
import { addressesOf } from './endpoint-addresses.ts'
import type { MakeExtension, ServerMetadata } from './extension.ts'
import { clientAssertion } from './oauth2/client-auth/client-assertion.ts'
import { clientKeys } from './oauth2/client-auth/client-keys.ts'
import { clientSecretJwt } from './oauth2/client-auth/client-secret-jwt.ts'
import { privateKeyJwt } from './oauth2/client-auth/private-key-jwt.ts'

const endpoints = ['token', 'revocation', 'introspection'] as const

/** RFC 8414 §2: algorithms of the methods that are on at this endpoint, as long as there is one of these methods. */
function membersOf(endpoint: string, own: ServerMetadata, accepted: readonly SigningAlgorithm[]) {
  const methods = [own[`${endpoint}_endpoint_auth_methods_supported`]].flat()
  const isSecret = (name: SigningAlgorithm): boolean => secretKeyAlgorithms.some((one) => one === name)
  const algorithms = accepted.filter((name) =>
    methods.includes(isSecret(name) ? 'client_secret_jwt' : 'private_key_jwt'),
  )
  return algorithms.length === 0
    ? []
    : [[`${endpoint}_endpoint_auth_signing_alg_values_supported`, algorithms] as const]
}

/** RFC 7523 §2.2: clients that sign a JWT instead of sending a secret. On unless switched off: who may, its registration says. */
export const clientAssertionsFeature: MakeExtension = ({ engine, keysAt, options, paths }) => {
  const { clientAssertions = true } = options
  if (clientAssertions === false) return undefined
  const chosen = clientAssertions === true ? {} : clientAssertions
  const tokenUrls = addressesOf(options, paths.token)
  const methods = [privateKeyJwt(clientKeys(keysAt)), clientSecretJwt]
  const every: readonly SigningAlgorithm[] = [...publicKeyAlgorithms, ...secretKeyAlgorithms]
  const allowed = engine.settings.signatureAlgorithms
  const accepted = (chosen.algorithms ?? every).filter((name) => allowed.includes(name))
  return {
    clientAuthMethods: methods.map((method) => clientAssertion(method, tokenUrls, chosen)),
    metadata: (own) => Object.fromEntries(endpoints.flatMap((name) => membersOf(name, own, accepted))),
  }
}
