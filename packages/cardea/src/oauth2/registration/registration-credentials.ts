import { equalDigests } from '../../core/crypto/digest.ts'
import { lookupDigest } from '../../core/crypto/token-text.ts'
import type { Client } from '../../core/model/client.ts'
import type { InitialAccessToken } from '../../core/model/initial-access-token.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import type { HttpRequest } from '../../http/request.ts'
import { bearerTokenOf } from '../protection/bearer-token.ts'
import { challengeOf } from '../protection/challenge.ts'

/** RFC 6750 §3: the same words whatever was wrong, so that nobody learns which clients or tokens there are. */
export function notAuthorized({ settings }: Engine, reason: string, presented: boolean): ProtocolError {
  const description = presented ? 'The token is not valid here' : 'A token is required'
  const said = { realm: settings.issuer, ...(presented && { error: 'invalid_token', error_description: description }) }
  return new ProtocolError('invalid_token', reason, {
    description,
    headers: { 'www-authenticate': challengeOf('Bearer', said) },
  })
}

const presentedBy = (request: HttpRequest): Promise<string | undefined> =>
  bearerTokenOf(request, { bearerTokenInFormOrQuery: false })

/**
 * The initial access token of a request, good for one more registration at least. Undefined: there is none.
 * @throws ProtocolError `invalid_token` for one that does not work, and for another scheme
 */
export async function initialAccessTokenOf(
  engine: Engine,
  request: HttpRequest,
): Promise<InitialAccessToken | undefined> {
  const text = await presentedBy(request)
  if (text === undefined) {
    if (request.header('authorization') === undefined) return undefined
    throw notAuthorized(engine, 'not_a_bearer_token', false)
  }
  const digest = lookupDigest('initialAccess', text)
  const token = digest === undefined ? undefined : await engine.store.initialAccessTokens.find(digest)
  if (token === undefined) throw notAuthorized(engine, 'unknown_initial_access_token', true)
  if (token.usesLeft === 0) throw notAuthorized(engine, 'initial_access_token_used_up', true)
  if (token.expiresAt !== undefined && engine.clock.now() >= token.expiresAt)
    throw notAuthorized(engine, 'initial_access_token_expired', true)
  return token
}

/** A client that manages its own registration, and what it proved that with. */
export interface RegisteredClient {
  readonly client: Client
  readonly token: string
}

/**
 * RFC 7592 §2, §3: the client whose registration access token this is, and which the address names.
 * @throws ProtocolError `invalid_token`, the same for a wrong token and for a client there is not; `unauthorized_client`
 * for one that is disabled
 */
export async function managedClient(engine: Engine, request: HttpRequest, clientId: string): Promise<RegisteredClient> {
  const token = await presentedBy(request)
  if (token === undefined) throw notAuthorized(engine, 'missing_registration_access_token', false)
  const digest = lookupDigest('registration', token)
  if (digest === undefined) throw notAuthorized(engine, 'not_a_registration_access_token', true)
  const client = await engine.store.clients.find(clientId)
  const own = client?.registration_access_token_digest
  if (client === undefined || own === undefined || !equalDigests(own, digest))
    throw notAuthorized(engine, 'wrong_registration_access_token', true)
  if (client.disabled)
    throw new ProtocolError('unauthorized_client', 'client_disabled', {
      status: 403,
      description: 'The client is disabled',
    })
  return { client, token }
}
