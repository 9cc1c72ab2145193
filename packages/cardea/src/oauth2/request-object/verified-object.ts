import type { SigningAlgorithm } from '../../core/crypto/jose/algorithms.ts'
import { defaultLeeway, type JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import { verifyJwt } from '../../core/crypto/jose/verify-jwt.ts'
import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { ClientKeys } from '../client-auth/client-keys.ts'
import { invalidObject } from './invalid-object.ts'
import type { RequestObjectsSettings } from './request-objects-options.ts'

/** What objects are verified by. */
export interface ObjectChecks {
  readonly settings: RequestObjectsSettings
  readonly keysOf: ClientKeys
}

const type = 'oauth-authz-req+jwt'
/** Characters of a signed object; with details of a payment it may be long, in a browser's address it is not. */
const longestSigned = 12_288
const longestEncrypted = 20_480

/** T-AUZ-14: the one that the client is registered with, where it is. */
function algorithmsOf(
  { settings }: Engine,
  { request_object_signing_alg: registered }: Client,
  { algorithms }: RequestObjectsSettings,
): readonly SigningAlgorithm[] {
  const allowed = algorithms.filter((name) => settings.signatureAlgorithms.includes(name))
  return registered === undefined ? allowed : allowed.filter((name) => name === registered)
}

/** RFC 9101 §6.1: what is inside of an encrypted object is signed, or it could be anybody's. */
async function signedText(engine: Engine, client: Client, text: string): Promise<string> {
  if (text.length > longestEncrypted || text.split('.', 6).length !== 5) return text
  const { request_object_encryption_alg: alg, request_object_encryption_enc: enc } = client
  return engine.decryptionKeys.decrypt(text, { alg, enc })
}

function checkTimes({ exp = 0, nbf }: JwtClaims, { maxLifetime, strict }: RequestObjectsSettings, now: number): void {
  if (nbf === undefined && strict) throw new JwtRefused('claim_missing', 'nbf')
  if (nbf === undefined) return
  if (exp - nbf > maxLifetime + defaultLeeway) throw new JwtRefused('lifetime_too_long')
  if (now - nbf > maxLifetime + defaultLeeway) throw new JwtRefused('too_old')
}

async function verifiedClaims(engine: Engine, client: Client, text: string, checks: ObjectChecks): Promise<JwtClaims> {
  const { keysOf, settings } = checks
  const keys = keysOf(client)
  if (keys === undefined) throw new JwtRefused('unknown_key', 'the client has none')
  const algorithms = algorithmsOf(engine, client, settings)
  if (algorithms.length === 0) throw new JwtRefused('algorithm_not_allowed')
  const { claims } = await verifyJwt(await signedText(engine, client, text), {
    keys,
    algorithms,
    typ: settings.strict ? [type] : [type, 'JWT', undefined],
    issuer: client.client_id,
    audience: { sole: [engine.settings.issuer] },
    required: ['exp', 'client_id'],
    clock: engine.clock,
    maxLifetime: settings.maxLifetime,
    maxBytes: longestSigned,
  })
  checkTimes(claims, settings, engine.clock.now())
  return claims
}

/**
 * RFC 9101 §6: what a request object says, once it is sure that this client has signed it, for us and for now.
 * @throws ProtocolError `invalid_request_object`; what fetching the client's keys throws goes through
 */
export async function verifiedObject(
  engine: Engine,
  client: Client,
  text: string,
  checks: ObjectChecks,
): Promise<JwtClaims> {
  try {
    const claims = await verifiedClaims(engine, client, text, checks)
    if (claims.client_id !== client.client_id) throw new JwtRefused('wrong_subject', 'client_id')
    // RFC 9101 §10.8: with the client as its subject it would be a client assertion.
    if (claims.sub === client.client_id) throw new JwtRefused('wrong_subject', 'a client assertion')
    return claims
  } catch (error) {
    if (!(error instanceof JwtRefused)) throw error
    throw invalidObject(`request_object_${error.problem}`, error)
  }
}
