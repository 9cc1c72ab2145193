import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import type { AudienceRule } from '../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import type { KeySource } from '../../core/crypto/jose/key-source.ts'
import { readJwt, type UnverifiedJwt } from '../../core/crypto/jose/verify-jwt.ts'
import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidClient } from '../../core/spec/errors.ts'
import { OutgoingFailed } from '../../http/outgoing/outgoing-failed.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import { useOf, verifiedAssertion } from '../verified-once.ts'
import { assertionLeeway, type ClientAssertionOptions, defaultAssertionLifetime } from './client-assertion-options.ts'
import type { ClientAuthMethod, ClientRefusal, PresentedClient, ProvenOnce } from './method.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** RFC 7523bis gives them a type of their own; clients that are older send `JWT` or none. */
const types = ['client-authentication+jwt', 'JWT', undefined]

/** One of the two ways to sign a client assertion. */
export interface AssertionMethod {
  readonly name: 'private_key_jwt' | 'client_secret_jwt'
  /** All that this way may be signed with. */
  readonly algorithms: readonly SigningAlgorithm[]
  /** Undefined: the client has nothing that could have signed it. */
  keysOf(engine: Engine, client: Client): KeySource | undefined
}

const unreadable = (reason: string) => invalidClient(reason, 'Invalid client credentials')

/** What the request brings, before anything of it is proven. */
function assertionIn(params: Params): UnverifiedJwt | undefined {
  const assertion = params.get('client_assertion')
  const type = params.get('client_assertion_type')
  if (assertion === undefined && type === undefined) return undefined
  if (assertion === undefined) throw unreadable('missing_client_assertion')
  if (type !== assertionType) throw unreadable('wrong_client_assertion_type')
  try {
    return readJwt(assertion)
  } catch (error) {
    if (error instanceof JwtRefused) throw unreadable(`client_assertion_${error.problem}`)
    throw error
  }
}

/** RFC 7523bis: the issuer and nothing else, so that no other server can hand on what was meant for it. */
function audienceFor({ settings }: Engine, tokenUrls: readonly string[], { path }: HttpRequest): AudienceRule {
  const { issuer, compatibility } = settings
  if (!compatibility.tokenEndpointAsAudience) return { text: [issuer] }
  const here = tokenUrls.map((url) => new URL(url).origin + path)
  return { sole: [issuer, ...tokenUrls, ...here] }
}

/** T-JWT-1: one algorithm where the client is registered for one, and only what this method may be signed with. */
function algorithmsFor(
  { settings }: Engine,
  method: AssertionMethod,
  client: Client,
  options: ClientAssertionOptions,
): readonly SigningAlgorithm[] {
  const { token_endpoint_auth_signing_alg: registered } = client
  const algorithms = method.algorithms.filter((name) => settings.signatureAlgorithms.includes(name))
  if (registered !== undefined) return algorithms.filter((name) => name === registered)
  return algorithms.filter((name) => options.algorithms?.includes(name) ?? true)
}

const refused = (reason: string): ClientRefusal => ({ refused: reason })

/** RFC 7523 §3, of a client that is known and registered for this method. */
async function verified(
  engine: Engine,
  client: Client,
  jwt: UnverifiedJwt,
  audience: AudienceRule,
  method: AssertionMethod,
  options: ClientAssertionOptions,
): Promise<ProvenOnce | ClientRefusal> {
  const { maxLifetime = defaultAssertionLifetime } = options
  try {
    const keys = method.keysOf(engine, client)
    const algorithms = algorithmsFor(engine, method, client, options)
    if (keys === undefined) return refused('client_has_no_key')
    if (algorithms.length === 0) return refused('client_assertion_algorithm_not_allowed')
    const { client_id: id } = client
    const holds = await verifiedAssertion(engine, jwt, {
      keys,
      algorithms,
      typ: types,
      issuer: id,
      subject: id,
      audience,
      required: ['exp', 'jti'],
      leeway: assertionLeeway,
      maxLifetime,
    })
    const once = useOf(holds, assertionLeeway)
    return once === undefined
      ? refused('client_assertion_claim_missing')
      : { once, otherwise: 'client_assertion_replayed' }
  } catch (error) {
    if (error instanceof JwtRefused) return refused(`client_assertion_${error.problem}`)
    if (!(error instanceof OutgoingFailed)) throw error
    await engine.emit({ type: 'remote_unavailable', endpoint: 'client-authentication', error })
    return refused('client_keys_unavailable')
  }
}

/**
 * RFC 7523 §2.2: a client proves itself by a JWT that it has signed, which counts once.
 * @param tokenUrls addresses of the token endpoint
 */
export function clientAssertion(
  method: AssertionMethod,
  tokenUrls: readonly string[],
  options: ClientAssertionOptions,
): ClientAuthMethod {
  return {
    name: method.name,
    present(_request, params): PresentedClient | undefined {
      const assertion = assertionIn(params)
      if (assertion === undefined) return undefined
      // Told apart by what it claims to be signed with, so that one request never is two methods.
      const isSecret = typeof assertion.header.alg === 'string' && assertion.header.alg.startsWith('HS')
      if (isSecret !== (method.name === 'client_secret_jwt')) return undefined
      const { sub } = assertion.claims
      if (sub === undefined) throw unreadable('client_assertion_claim_missing')
      return { clientId: sub, assertion }
    },
    async verify(engine, client, { assertion }, _beforeGuess, request) {
      if (client === undefined || client.disabled || assertion === undefined) return false
      // Nothing is fetched and nothing used up for a client that may not authenticate like this.
      if (client.token_endpoint_auth_method !== method.name) return refused('client_auth_method_not_registered')
      return verified(engine, client, assertion, audienceFor(engine, tokenUrls, request), method, options)
    },
  }
}
