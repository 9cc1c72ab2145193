import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import type { ClientMetadata } from '../registration/client-metadata.ts'
import { isOfApp, mustBeSound } from '../registration/registered-client.ts'
import type { RegistrationPolicy } from '../registration/registration-options.ts'
import {
  mustBeWithin,
  registeredResources,
  registeredSchemes,
  registeredScope,
  usualGrants,
} from '../registration/registration-rules.ts'
import { addressesMustBeAllowed } from '../registration/remote-addresses.ts'
import type { ClientDocument } from './client-document.ts'

/** For the sake of one document at many servers, what is of no use at this one is left out and not refused. */
const grantsOf = ({ grant_types = usualGrants }: ClientMetadata, { grantTypes = usualGrants }: RegistrationPolicy) =>
  grant_types.filter((type) => grantTypes.includes(type))

function scopeOf({ scope }: ClientMetadata, policy: RegistrationPolicy, known: readonly string[]): string {
  const ceiling = registeredScope(undefined, policy, known)
  if (scope === undefined) return ceiling
  const asked = scope.split(' ')
  return ceiling
    .split(' ')
    .filter((name) => asked.includes(name))
    .join(' ')
}

/** Without a secret there are two ways: none at all, and keys. */
const authMethodOf = ({ token_endpoint_auth_method: method }: ClientMetadata): string => method ?? 'none'

/**
 * The client that a document describes, held against the rules of every client and the policy.
 * @throws ProtocolError `invalid_client_metadata` or `invalid_redirect_uri` that names the member
 */
export async function documentClient(
  { engine, outgoing }: { readonly engine: Engine; readonly outgoing: Outgoing },
  policy: RegistrationPolicy,
  { metadata }: ClientDocument,
  identity: Pick<Client, 'client_id' | 'client_id_issued_at'>,
): Promise<Client> {
  const scopes = (await engine.store.scopes.all()).map(({ name }) => name)
  const { client_name = '', redirect_uris = [], application_type, resources: asked, ...others } = metadata
  const grants = grantsOf(metadata, policy)
  const resources = registeredResources(asked, policy)
  const client: Client = {
    ...others,
    ...identity,
    client_name,
    redirect_uris,
    grant_types: grants,
    response_types: grants.includes('authorization_code') ? ['code'] : [],
    token_endpoint_auth_method: authMethodOf(metadata),
    application_type: (application_type ??
      (redirect_uris.some(isOfApp) ? 'native' : 'web')) as Client['application_type'],
    scope: scopeOf(metadata, policy, scopes),
    ...(resources !== undefined && { resources }),
    localhost_any_port: true,
    ...registeredSchemes(redirect_uris, policy),
  }
  mustBeWithin(policy, client)
  mustBeSound(client)
  addressesMustBeAllowed(client, outgoing)
  return client
}
