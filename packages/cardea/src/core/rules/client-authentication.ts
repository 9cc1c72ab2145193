import { nameFrom } from '../crypto/x509/distinguished-name.ts'
import type { Client } from '../model/client.ts'

/** What is wrong with what a client is to prove itself by, where it is neither a key nor a hashed secret, or undefined. */
export function clientAuthenticationProblem(client: Client): string | undefined {
  const { token_endpoint_auth_method: method, tls_client_auth_subject_dn: subject } = client
  if (method === 'client_secret_jwt' && client.sealed_secret === undefined)
    return 'token_endpoint_auth_method: client_secret_jwt needs a client secret'
  return subject === undefined || nameFrom(subject) !== undefined
    ? undefined
    : 'tls_client_auth_subject_dn: must be a distinguished name such as CN=shop,O=Acme,C=AT (RFC 4514)'
}
