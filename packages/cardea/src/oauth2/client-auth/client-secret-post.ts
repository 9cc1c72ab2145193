import { invalidClient } from '../../core/spec/errors.ts'
import type { SecretCheck } from './client-secret.ts'
import type { ClientAuthMethod } from './method.ts'

/** RFC 6749 §2.3.1: id and secret in the form body. */
export const clientSecretPost = (check: SecretCheck): ClientAuthMethod => ({
  name: 'client_secret_post',
  present(_request, params) {
    const secret = params.get('client_secret')
    if (secret === undefined) return undefined
    const clientId = params.get('client_id')
    if (clientId === undefined) throw invalidClient('missing_client_id', 'Send client_id together with client_secret')
    return { clientId, secret }
  },
  ...check,
})
