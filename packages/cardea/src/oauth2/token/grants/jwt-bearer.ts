import { publicKeyAlgorithms } from '../../../core/crypto/jose/algorithms.ts'
import type { JwtClaims } from '../../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../../core/crypto/jose/jwt-refused.ts'
import { jwtIn, readJwt, type UnverifiedJwt } from '../../../core/crypto/jose/verify-jwt.ts'
import type { Client } from '../../../core/model/client.ts'
import type { GrantFacts } from '../../../core/model/grant-facts.ts'
import type { Engine } from '../../../core/ports/engine.ts'
import { covers } from '../../../core/rules/scope.ts'
import { invalidGrant, invalidScope } from '../../../core/spec/errors.ts'
import { required } from '../../../http/params.ts'
import { allowedIn, foreignSubject, issuerLeeway, ourAudience, policyOf } from '../../assertions/foreign-token.ts'
import type { KnownIssuer } from '../../assertions/trusted-issuer.ts'
import { defaultAssertionLifetime } from '../../client-auth/client-assertion-options.ts'
import type { ClientKeys } from '../../client-auth/client-keys.ts'
import type { ClientAuthMethod } from '../../client-auth/method.ts'
import { actorsIn, type ClaimedActors, chained } from '../../exchange/actors.ts'
import { confirmationFrom, mustBeConfirmed } from '../../proof/confirmation.ts'
import { type AssertionPolicy, useOnce, verifiedAssertion } from '../../verified-once.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../grant.ts'
import type { JwtBearerOptions } from './jwt-bearer-options.ts'

export const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Name of the client authentication method: the assertion that is the grant, signed by the client itself. */
export const assertionSignature = 'jwt_bearer_assertion'

export interface JwtBearerParts {
  readonly issuers: ReadonlyMap<string, KnownIssuer>
  readonly clientKeys: ClientKeys
  /** Addresses of the token endpoint. */
  readonly tokenUrls: readonly string[]
  readonly options: JwtBearerOptions
  /** How many may act for each other in a row (RFC 8693 §4.1). */
  readonly maxActors: number
}

/** For whom it is, by whom, and what of the scope. */
interface Asserted extends ClaimedActors {
  readonly userId?: string
  readonly scope?: readonly string[]
  /** The client says so itself. */
  readonly isOwn: boolean
}

const invalid = (reason: string, cause?: unknown) => invalidGrant(reason, 'The assertion is not valid', { cause })

/** RFC 7523 §3, of an assertion that a client has signed. Undefined: it has no keys to sign with. */
function ownPolicy(engine: Engine, client: Client, { clientKeys, tokenUrls }: JwtBearerParts): AssertionPolicy {
  const keys = clientKeys(client)
  if (keys === undefined) throw new JwtRefused('unknown_key')
  return {
    keys,
    algorithms: allowedIn(engine.settings, publicKeyAlgorithms),
    typ: ['JWT', undefined],
    issuer: client.client_id,
    audience: ourAudience(engine, tokenUrls),
    required: ['sub'],
    leeway: issuerLeeway,
    maxLifetime: defaultAssertionLifetime,
  }
}

async function userOfOwn({ accounts }: Engine, client: Client, { sub }: JwtClaims): Promise<{ userId?: string }> {
  if (sub === client.client_id) return {}
  const user = await accounts.find(sub ?? '')
  if (user === undefined) throw new JwtRefused('wrong_subject')
  return { userId: user.id }
}

const rulesOf = (policy: AssertionPolicy, { options }: JwtBearerParts): AssertionPolicy => ({
  ...policy,
  idRequired: options.requireId ?? true,
})

/** Verifies it, and leaves its `jti` to be used by `useOnce`. */
async function verified(request: TokenRequest, jwt: UnverifiedJwt, parts: JwtBearerParts) {
  const { client, engine } = request
  const { iss = '' } = jwt.claims
  const issuer = parts.issuers.get(iss)
  if (issuer !== undefined) {
    const holds = await verifiedAssertion(engine, jwt, rulesOf(policyOf(engine, issuer, parts.tokenUrls), parts))
    const asserted: Asserted = { ...(await foreignSubject(engine, client, issuer, holds.claims)), isOwn: false }
    return { holds, asserted }
  }
  if (iss !== client.client_id || parts.options.ownAssertions === false) throw new JwtRefused('wrong_issuer')
  const holds = await verifiedAssertion(engine, jwt, rulesOf(ownPolicy(engine, client, parts), parts))
  const user = await userOfOwn(engine, client, holds.claims)
  const asserted: Asserted = { ...user, ...actorsIn(holds.claims), isOwn: true }
  return { holds, asserted }
}

async function grantedScope(request: TokenRequest, { scope: most }: Asserted): Promise<readonly string[]> {
  const granted = await request.allowedScope(request.params.get('scope') ?? most?.join(' '))
  if (most === undefined) return granted
  const left = granted.filter((name) => most.includes(name))
  if (left.length === 0) throw invalidScope('scope_not_asserted', 'The scope exceeds what the assertion is good for')
  return left
}

async function isPermitted(
  { client, engine }: TokenRequest,
  { isOwn, userId }: Asserted,
  scope: readonly string[],
  claims: JwtClaims,
  options: JwtBearerOptions,
): Promise<boolean> {
  if (userId === undefined) return true
  if (options.hasGrantedPermission !== undefined)
    return (await options.hasGrantedPermission({ client, userId, scope, claims })) === true
  if (!isOwn || client.first_party === true) return true
  const consent = await engine.store.consents.find(userId, client.client_id)
  return consent !== undefined && covers(consent.scope, scope)
}

/** RFC 7800 §3: an assertion that is bound to a key is of use to whoever holds that key. */
function mustBePossessed({ confirmation: proved }: TokenRequest, { cnf }: JwtClaims): void {
  if (cnf === undefined) return
  const held = confirmationFrom(cnf)
  if (held === undefined) throw new JwtRefused('claim_malformed', 'cnf')
  mustBeConfirmed(held, proved)
}

/** RFC 8693 §4: who acts for the user, and who may, goes on in the token; without, it would stand for more. */
function factsFrom({ actor, mayAct }: Asserted, maxActors: number): { readonly facts?: GrantFacts } {
  if (actor === undefined && mayAct === undefined) return {}
  const acting = chained(undefined, actor, maxActors)
  return { facts: { ...(acting !== undefined && { actor: acting }), ...(mayAct !== undefined && { mayAct }) } }
}

async function handle(request: TokenRequest, parts: JwtBearerParts): Promise<GrantAnswer> {
  const assertion = required(request.params, 'assertion')
  try {
    const { holds, asserted } = await verified(request, readJwt(assertion), parts)
    const scope = await grantedScope(request, asserted)
    if (!(await isPermitted(request, asserted, scope, holds.claims, parts.options)))
      throw invalid('permission_not_granted')
    mustBePossessed(request, holds.claims)
    const facts = factsFrom(asserted, parts.maxActors)
    // Last, so that what is refused can be corrected and sent again; one that was used buys nothing any more.
    await useOnce(request.engine, holds, issuerLeeway)
    const { userId } = asserted
    // RFC 7521 §4.1: whoever can make assertions needs no refresh token.
    return await request.issue({ scope, refresh: false, ...facts, ...(userId !== undefined && { userId }) })
  } catch (error) {
    if (error instanceof JwtRefused) throw invalid(`assertion_${error.problem}`, error)
    throw error
  }
}

/** RFC 7523 §2.1: a JWT of a trusted issuer, or of the client itself, buys an access token. */
export const jwtBearer = (parts: JwtBearerParts): Grant => ({
  type: jwtBearerGrant,
  publicClients: true,
  alsoTakes: assertionSignature,
  handle: (request) => handle(request, parts),
})

/**
 * RFC 7523 §3.1: client authentication may be left out, where the assertion proves the client already. At the token
 * endpoint and for this grant only, which then uses the assertion up.
 */
export const assertionAsAuthentication = (parts: JwtBearerParts): ClientAuthMethod => ({
  name: assertionSignature,
  suits: (client) => client.grant_types.includes(jwtBearerGrant),
  present(request, params) {
    const assertion = params.get('assertion')
    if (params.get('grant_type') !== jwtBearerGrant || assertion === undefined) return undefined
    const hasOther = ['client_id', 'client_secret', 'client_assertion'].some((name) => params.get(name) !== undefined)
    if (hasOther || request.header('authorization') !== undefined) return undefined
    const jwt = jwtIn(assertion)
    const clientId = jwt?.claims.iss
    return jwt === undefined || clientId === undefined ? undefined : { clientId, assertion: jwt }
  },
  async verify(engine, client, { assertion }) {
    if (client === undefined || client.disabled || assertion === undefined) return false
    try {
      await verifiedAssertion(engine, assertion, rulesOf(ownPolicy(engine, client, parts), parts))
      return true
    } catch (error) {
      if (error instanceof JwtRefused) return { refused: `assertion_${error.problem}` }
      throw error
    }
  },
})
