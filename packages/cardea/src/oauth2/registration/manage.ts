import type { JsonObject } from '../../core/crypto/jose/strict-json.ts'
import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidRequest, ProtocolError } from '../../core/spec/errors.ts'
import { jsonBodyOf } from '../../http/json-body.ts'
import type { HttpRequest } from '../../http/request.ts'
import { type HttpResponse, json, noStore } from '../../http/response.ts'
import { credentialsFor, isSecretOf, mintRegistrationToken } from './client-credentials.ts'
import { clientInformation } from './client-information.ts'
import { clientMetadataFrom, invalidMetadata } from './client-metadata.ts'
import { isApproved, longestBody, type RegistrationParts, received, remoteAddressOf } from './register.ts'
import { registeredClient } from './registered-client.ts'
import { managedClient, type RegisteredClient } from './registration-credentials.ts'
import { defaultPolicy } from './registration-settings.ts'

/** RFC 7592 §2.1. */
export async function readClient(
  { engine, url }: RegistrationParts,
  request: HttpRequest,
  clientId: string,
): Promise<HttpResponse> {
  const { client, token } = await managedClient(engine, request, clientId)
  return json(200, clientInformation(client, { uri: `${url}/${clientId}`, registrationToken: token }))
}

/** RFC 7592 §2.3: with the client goes everything that was issued to it. */
export async function deleteClient(
  { engine }: RegistrationParts,
  request: HttpRequest,
  clientId: string,
): Promise<HttpResponse> {
  await managedClient(engine, request, clientId)
  await engine.store.clients.delete(clientId)
  await engine.emit({ type: 'client_deleted', clientId, reason: 'request' })
  return { status: 204, headers: noStore, body: '' }
}

/** RFC 7592 §2.2: what the server has said of the client is not for the client to set. */
const ofServer = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

function mustBeUpdateOf(engine: Engine, client: Client, body: JsonObject): void {
  if (body.client_id !== client.client_id)
    throw invalidRequest('client_id_mismatch', 'The client_id must be that of the client')
  const wrong = ofServer.find((member) => Object.hasOwn(body, member))
  if (wrong !== undefined) throw invalidRequest('server_member_sent', `${wrong}: must not be sent`)
  const { client_secret: secret = null } = body
  if (secret === null) return
  if (typeof secret !== 'string' || !isSecretOf(engine, client, secret))
    throw invalidRequest('client_secret_mismatch', 'The client_secret must be the present one')
}

/** What a person recognises a client by. */
const identity = ['client_name', 'client_uri', 'logo_uri'] as const

export const goesElsewhere = (before: Client, after: Client): boolean =>
  after.redirect_uris.some((uri) => !before.redirect_uris.includes(uri))

/** Whoever approved the client, or allowed it something, meant what it was then. */
export const isAnother = (before: Client, after: Client): boolean =>
  goesElsewhere(before, after) || identity.some((member) => before[member] !== after[member])

/** What the operator, or an earlier decision, has given the client besides. */
function keptFrom(before: Client, after: Client, now: number): Partial<Client> {
  const { pkce, introspect_any, first_party, oauth1, consents_since } = before
  const since = goesElsewhere(before, after) ? now : consents_since
  return {
    ...(pkce !== undefined && after.token_endpoint_auth_method !== 'none' && { pkce }),
    ...(introspect_any !== undefined && { introspect_any }),
    ...(first_party !== undefined && !isAnother(before, after) && { first_party }),
    ...(oauth1 !== undefined && { oauth1 }),
    ...(since !== undefined && { consents_since: since }),
  }
}

interface Updated {
  readonly client: Client
  readonly secret: string | undefined
  readonly token: string
}

async function updated(
  parts: RegistrationParts,
  request: HttpRequest,
  { client: before, token }: RegisteredClient,
  body: JsonObject,
): Promise<Updated> {
  const { engine, outgoing, settings } = parts
  mustBeUpdateOf(engine, before, body)
  const { client_id, client_id_issued_at, registration_policy = defaultPolicy, software_statement } = before
  if (software_statement !== undefined && (body.software_statement ?? null) === null)
    throw invalidMetadata('software_statement', 'must be sent again: the client was registered by it')
  const from = { policy: registration_policy, statement: software_statement }
  const { said, statement, policyName } = await received(parts, body, from)
  const metadata = clientMetadataFrom(said)
  const registering = { engine, outgoing, settings, policyName, metadata, server: await parts.server() }
  const after = await registeredClient(registering, { client_id, client_id_issued_at })
  const { clientLifetime = 0, secretLifetime = 0 } = settings.policyOf(policyName)
  const approved = await isApproved(parts, said, {
    client: after,
    before,
    policy: policyName,
    ...(statement !== undefined && { softwareStatement: statement.claims }),
    request,
  })
  const { stored, secret } = credentialsFor(engine, after, before, secretLifetime)
  const now = engine.clock.now()
  const own = settings.rotateRegistrationToken ? mintRegistrationToken() : undefined
  const digest = own?.digest ?? before.registration_access_token_digest
  const client: Client = {
    ...after,
    ...stored,
    ...keptFrom(before, after, now),
    ...(statement !== undefined && { software_statement: statement.text }),
    ...(digest !== undefined && { registration_access_token_digest: digest }),
    registration_policy: policyName,
    ...(!approved && (before.unapproved || isAnother(before, after)) && { unapproved: true }),
    ...(clientLifetime > 0 && { unused_until: now + clientLifetime }),
  }
  return { client, secret, token: own?.token ?? token }
}

/** Others that change the same client at the same moment; each of them is done when one of us is not. */
const mostTries = 10

/**
 * RFC 7592 §2.2: replaces the registration; what is left out is cleared. It is done on the client as it was read or not at
 * all, so that neither a deletion nor what the operator does meanwhile is undone.
 */
export async function updateClient(
  parts: RegistrationParts,
  request: HttpRequest,
  clientId: string,
): Promise<HttpResponse> {
  const { engine, url } = parts
  for (let tries = 0; tries < mostTries; tries += 1) {
    const found = await managedClient(engine, request, clientId)
    const body = await jsonBodyOf(request, longestBody)
    const { client, secret, token } = await updated(parts, request, found, body)
    if (!(await engine.store.clients.replace(found.client, client))) continue
    const policy = client.registration_policy ?? defaultPolicy
    await engine.emit({ type: 'client_updated', clientId, policy, ...remoteAddressOf(request) })
    return json(200, clientInformation(client, { uri: `${url}/${clientId}`, registrationToken: token, secret }))
  }
  throw new ProtocolError('temporarily_unavailable', 'client_changes_too_often', {
    description: 'The client is being changed by others: try again',
    retryAfter: 1,
  })
}
