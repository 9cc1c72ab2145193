import { opaqueText } from '../../core/crypto/opaque-text.ts'
import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { clientProblem } from '../../core/rules/client.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import { type ClientMetadata, invalidMetadata } from './client-metadata.ts'
import type { RegistrationPolicy } from './registration-options.ts'
import { mustBeWithin, registeredResources, registeredSchemes, registeredScope } from './registration-rules.ts'
import type { RegistrationSettings } from './registration-settings.ts'
import { addressesMustBeAllowed } from './remote-addresses.ts'
import { mustBeSupported, resourcesMustBeKnown, type SaidOfServer } from './supported-metadata.ts'

/** RFC 7591 §2.1. */
const responseTypesOf = (grantTypes: readonly string[]): readonly string[] => [
  ...(grantTypes.includes('authorization_code') ? ['code'] : []),
  ...(grantTypes.includes('implicit') ? ['token'] : []),
]

/** A redirect URI that leads to an app: loopback or a private-use scheme (RFC 8252 §7). */
export const isOfApp = (uri: string): boolean => !/^https:/i.test(uri)

function applicationType(
  { application_type, redirect_uris = [] }: ClientMetadata,
  { inferApplicationType }: RegistrationSettings,
): Client['application_type'] {
  // Whatever else it is, the rules of clients refuse it.
  if (application_type !== undefined) return application_type as Client['application_type']
  return inferApplicationType && redirect_uris.some(isOfApp) ? 'native' : 'web'
}

export interface Registering {
  readonly engine: Engine
  readonly settings: RegistrationSettings
  readonly policyName: string
  readonly metadata: ClientMetadata
  readonly server: SaidOfServer
  readonly outgoing: Outgoing
}

export const newClientId = (): string => opaqueText(42)

/** What a client is registered as: what it says of itself, and defaults for what it does not (RFC 7591 §2). */
function described(
  { metadata, settings }: Registering,
  policy: RegistrationPolicy,
  identity: Pick<Client, 'client_id' | 'client_id_issued_at'>,
  scopes: readonly string[],
): Client {
  const { grant_types = ['authorization_code'], resources: asked, scope, ...others } = metadata
  const resources = registeredResources(asked, policy)
  return {
    redirect_uris: [],
    response_types: responseTypesOf(grant_types),
    token_endpoint_auth_method: 'client_secret_basic',
    client_name: identity.client_id,
    ...others,
    ...identity,
    grant_types,
    application_type: applicationType(metadata, settings),
    scope: registeredScope(scope, policy, scopes),
    ...(resources !== undefined && { resources }),
    ...(settings.localhostAnyPort && { localhost_any_port: true }),
    ...registeredSchemes(metadata.redirect_uris ?? [], policy),
  }
}

/** What no secret is missing from, for rules that ask for one: it is made once the registration is sound. */
const withAnySecret = (client: Client): Client => {
  const { token_endpoint_auth_method: method } = client
  if (method === 'client_secret_jwt') return { ...client, sealed_secret: 'to be made' }
  return /^client_secret_/.test(method) ? { ...client, client_secret_hash: 'to be made' } : client
}

/**
 * The rules of every client, however it came here.
 * @throws ProtocolError `invalid_client_metadata` or `invalid_redirect_uri` that names the member
 */
export function mustBeSound(client: Client, { response_modes_supported: modes }: SaidOfServer = {}): void {
  const problem = clientProblem(client, Array.isArray(modes) ? { responseModes: modes } : {})
  if (problem === undefined) return
  const [member = '', ...text] = problem.split(': ')
  throw invalidMetadata(member, text.join(': '))
}

/**
 * The client that the metadata describe, without credentials, held against the rules of every client, the policy and
 * what the server can.
 * @throws ProtocolError `invalid_client_metadata` or `invalid_redirect_uri` that names the member
 */
export async function registeredClient(
  registering: Registering,
  identity: Pick<Client, 'client_id' | 'client_id_issued_at'>,
): Promise<Client> {
  const { engine, outgoing, policyName, server, settings } = registering
  const policy = settings.policyOf(policyName)
  const scopes = (await engine.store.scopes.all()).map(({ name }) => name)
  const client = described(registering, policy, identity, scopes)
  mustBeSound(withAnySecret(client), server)
  mustBeWithin(policy, client)
  mustBeSupported(client, server)
  addressesMustBeAllowed(client, outgoing)
  if (client.resources !== undefined)
    resourcesMustBeKnown(
      client,
      (await engine.resources.all()).map(({ identifier }) => identifier),
    )
  return client
}
