import type { Client } from '../../core/model/client.ts'
import {
  matchesRedirectUri,
  redirectUriMustBeRegistered,
  type VerifiedRedirectUri,
} from '../../core/rules/redirect-uri.ts'
import { invalidRequest } from '../../core/spec/errors.ts'

const allows = async ({ policy }: Client, uri: string): Promise<boolean> =>
  policy?.checkRedirectUri === undefined || (await policy.checkRedirectUri(uri)) === true

/** As the client is registered now, and as the host's own client object has it. */
export const mayRedirectTo = async (client: Client, uri: string): Promise<boolean> =>
  (isLeftToHost(client) || matchesRedirectUri(client, uri)) && allows(client, uri)

/** The record names none, and the host's object knows which there are. */
const isLeftToHost = ({ policy, redirect_uris }: Client): boolean =>
  redirect_uris.length === 0 && policy?.checkRedirectUri !== undefined

/**
 * RFC 6749 §3.1.2.3, with what the host's own client object says. However the host decides, nobody is sent to a URI
 * that is not safe for this type of client.
 * @throws ProtocolError `invalid_request`, to be shown and never redirected
 */
export async function redirectUriFor(client: Client, requested: string | undefined): Promise<VerifiedRedirectUri> {
  const wanted = requested ?? client.policy?.defaultRedirectUri
  const known = isLeftToHost(client) && wanted !== undefined ? { ...client, redirect_uris: [wanted] } : client
  const uri = redirectUriMustBeRegistered(known, wanted)
  if (await allows(client, uri)) return uri
  throw invalidRequest('redirect_uri_not_registered', 'The redirect_uri is not registered for this client')
}
