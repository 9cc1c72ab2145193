import type { JsonObject } from '../../core/crypto/jose/strict-json.ts'
import type { Client } from '../../core/model/client.ts'
import type { InitialAccessToken } from '../../core/model/initial-access-token.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { unauthorizedClient } from '../../core/spec/errors.ts'
import { jsonBodyOf } from '../../http/json-body.ts'
import { networkOf } from '../../http/network.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import type { HttpRequest } from '../../http/request.ts'
import { type HttpResponse, json } from '../../http/response.ts'
import { countAttempt } from '../../interaction/sign-in-limits.ts'
import { credentialsFor, mintRegistrationToken } from './client-credentials.ts'
import { clientInformation } from './client-information.ts'
import { clientMetadataFrom, invalidMetadata } from './client-metadata.ts'
import { newClientId, registeredClient } from './registered-client.ts'
import { initialAccessTokenOf, notAuthorized } from './registration-credentials.ts'
import type { ProposedRegistration } from './registration-options.ts'
import { defaultPolicy, type RegistrationSettings } from './registration-settings.ts'
import { type SoftwareStatement, softwareStatementIn, withStatement } from './software-statement.ts'
import type { SaidOfServer } from './supported-metadata.ts'

/** What the two endpoints share. */
export interface RegistrationParts {
  readonly engine: Engine
  readonly settings: RegistrationSettings
  /** What the server says of itself now. */
  readonly server: () => Promise<SaidOfServer>
  /** The door to other servers. */
  readonly outgoing: Outgoing
  /** URL below which the registered clients are. */
  readonly url: string
}

/** Characters of a body. A key set of RSA keys is the largest thing there is in it. */
export const longestBody = 65_536

/** Everything that came in a request to register or to change a registration. */
export interface Received {
  /** As sent, with what the software statement says. */
  readonly said: JsonObject
  readonly statement: SoftwareStatement | undefined
  readonly policyName: string
}

/** @throws ProtocolError `invalid_software_statement`, or `unapproved_software_statement` where one has to be there */
export async function received(
  { engine, settings }: RegistrationParts,
  body: JsonObject,
  from: { readonly policy?: string | undefined; readonly statement?: string | undefined },
): Promise<Received> {
  const statement = await softwareStatementIn(engine, settings, body, from.statement)
  const policyName = from.policy ?? statement?.policy ?? defaultPolicy
  // Another policy in its place could allow more than the operator meant.
  if (!settings.isPolicy(policyName))
    throw unauthorizedClient(
      'registration_policy_gone',
      'The policy that this registration is under is not there any more',
      {
        status: 403,
      },
    )
  if (statement === undefined && settings.policyOf(policyName).softwareStatementRequired)
    throw invalidMetadata('software_statement', 'is required here')
  return { said: withStatement(body, statement), statement, policyName }
}

/** Whether the host, or the policy, answers for the client as it is now. */
export async function isApproved(
  { settings }: RegistrationParts,
  said: JsonObject,
  proposed: ProposedRegistration,
): Promise<boolean> {
  const answer = await settings.approve?.(said, proposed)
  return answer?.approved ?? settings.policyOf(proposed.policy).approved ?? false
}

/** T-DCR-1: each registration is kept, so neither one network nor many together make any number of them. */
async function countRegistration(engine: Engine, { remoteAddress }: HttpRequest): Promise<void> {
  const { registration, registrationFromNetwork } = engine.settings.limits
  await countAttempt(engine, `registrations from ${networkOf(remoteAddress)}`, registrationFromNetwork)
  await countAttempt(engine, 'registrations', registration)
}

export const remoteAddressOf = ({ remoteAddress }: HttpRequest) =>
  remoteAddress === undefined ? {} : { remoteAddress }

async function admitted({ engine, settings }: RegistrationParts, request: HttpRequest) {
  const token = await initialAccessTokenOf(engine, request)
  if (token === undefined && settings.mode !== 'open')
    throw notAuthorized(engine, 'missing_initial_access_token', false)
  return token
}

/** Counted when everything else is in order, so that a mistake in the metadata costs no use. */
async function useUp(engine: Engine, request: HttpRequest, token: InitialAccessToken | undefined): Promise<void> {
  if (token === undefined) return countRegistration(engine, request)
  if (!(await engine.store.initialAccessTokens.use(token.digest, engine.clock.now())))
    throw notAuthorized(engine, 'initial_access_token_used_up', true)
}

/** RFC 7591 §3: a new client out of what it says of itself. */
export async function register(parts: RegistrationParts, request: HttpRequest): Promise<HttpResponse> {
  const { engine, outgoing, settings, url } = parts
  const token = await admitted(parts, request)
  const body = await jsonBodyOf(request, longestBody)
  const { said, statement, policyName } = await received(parts, body, { policy: token?.policy })
  const metadata = clientMetadataFrom(said)
  const now = engine.clock.now()
  const described = await registeredClient(
    { engine, outgoing, settings, policyName, metadata, server: await parts.server() },
    { client_id: newClientId(), client_id_issued_at: now },
  )
  const policy = settings.policyOf(policyName)
  const { clientLifetime = 0, secretLifetime = 0 } = policy
  const approved = await isApproved(parts, said, {
    client: described,
    policy: policyName,
    ...(token !== undefined && { label: token.label }),
    ...(statement !== undefined && { softwareStatement: statement.claims }),
    request,
  })
  const { stored, secret } = credentialsFor(engine, described, undefined, secretLifetime)
  const registration = mintRegistrationToken()
  const client: Client = {
    ...described,
    ...stored,
    ...(statement !== undefined && { software_statement: statement.text }),
    registration_access_token_digest: registration.digest,
    registration_policy: policyName,
    ...(!approved && { unapproved: true }),
    ...(clientLifetime > 0 && { unused_until: now + clientLifetime }),
  }
  await useUp(engine, request, token)
  await engine.store.clients.save(client)
  await engine.emit({
    type: 'client_registered',
    clientId: client.client_id,
    policy: policyName,
    ...(token !== undefined && { label: token.label }),
    ...remoteAddressOf(request),
  })
  const uri = `${url}/${client.client_id}`
  return json(201, clientInformation(client, { uri, registrationToken: registration.token, secret }))
}
