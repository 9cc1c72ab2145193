import type { Client } from '../../core/model/client.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import { OutgoingFailed, type OutgoingProblem } from '../../http/outgoing/outgoing-failed.ts'
import { invalidMetadata } from './client-metadata.ts'

const said: Readonly<Partial<Record<OutgoingProblem, string>>> = {
  forbidden_address: 'must not lead to this machine or to a private or special address',
  insecure_url: 'must use https',
}

/**
 * T-SSRF-1: what this server would be asked to fetch is refused where it is registered, as far as the address itself
 * shows that it never will be. What a name resolves to counts when it is fetched.
 * @throws ProtocolError `invalid_client_metadata`
 */
export function addressesMustBeAllowed({ jwks_uri, request_uris = [] }: Client, { check }: Outgoing): void {
  const addresses = [
    ...(jwks_uri === undefined ? [] : [['jwks_uri', jwks_uri] as const]),
    ...request_uris.map((uri) => ['request_uris', uri] as const),
  ]
  for (const [member, address] of addresses) {
    try {
      check(address)
    } catch (error) {
      if (!(error instanceof OutgoingFailed)) throw error
      throw invalidMetadata(member, said[error.problem] ?? 'must be a URL without user name and fragment')
    }
  }
}
