import { publicKeyAlgorithms } from '../../core/crypto/jose/algorithms.ts'
import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import type { JsonObject } from '../../core/crypto/jose/strict-json.ts'
import { readJwt, type UnverifiedJwt, verifyJwt } from '../../core/crypto/jose/verify-jwt.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { allowedIn } from '../assertions/foreign-token.ts'
import { invalidMetadata, metadataMembers } from './client-metadata.ts'
import type { RegistrationSettings, TrustedIssuer } from './registration-settings.ts'

const longestStatement = 16_384
/** Seconds a statement may still have: one that never ends cannot be taken back. */
const longestLifetime = 157_680_000

/** A software statement that holds. */
export interface SoftwareStatement {
  readonly text: string
  readonly claims: JwtClaims
  /** Name of the policy of its issuer. */
  readonly policy: string | undefined
}

const invalid = (reason: string, cause?: unknown): ProtocolError =>
  new ProtocolError('invalid_software_statement', reason, { description: 'The software statement is not valid', cause })

const unapproved = (reason: string, cause?: unknown): ProtocolError =>
  new ProtocolError('unapproved_software_statement', reason, {
    description: 'The software statement is of an issuer, or signed by a key, that is not trusted here',
    cause,
  })

function refusalOf(error: unknown): unknown {
  if (!(error instanceof JwtRefused)) return error
  const refuse = error.problem === 'unknown_key' ? unapproved : invalid
  return refuse(`software_statement_${error.problem}`, error)
}

function read(text: string): UnverifiedJwt {
  try {
    return readJwt(text, longestStatement)
  } catch (error) {
    throw refusalOf(error)
  }
}

async function verified({ clock, settings }: Engine, jwt: UnverifiedJwt, trusted: TrustedIssuer): Promise<JwtClaims> {
  const { issuer, keys, algorithms = publicKeyAlgorithms, maxAge } = trusted
  try {
    const { claims } = await verifyJwt(jwt, {
      keys,
      algorithms: allowedIn(settings, algorithms),
      typ: [undefined, 'JWT'],
      issuer,
      // RFC 7591 §2.3 has no audience; a statement that names one is for that server only.
      audience: Object.hasOwn(jwt.claims, 'aud') ? { among: [settings.issuer] } : null,
      required: maxAge === undefined ? ['exp'] : ['iat'],
      ...(maxAge !== undefined && { maxAge }),
      maxLifetime: longestLifetime,
      clock,
      maxBytes: longestStatement,
    })
    return claims
  } catch (error) {
    throw refusalOf(error)
  }
}

/**
 * RFC 7591 §2.3: what somebody who is trusted here says of the software. Undefined: there is none.
 * @param known the statement that this client was registered with, which holds on as it is
 * @throws ProtocolError `invalid_software_statement` or `unapproved_software_statement`
 */
export async function softwareStatementIn(
  engine: Engine,
  { issuers }: RegistrationSettings,
  body: JsonObject,
  known?: string,
): Promise<SoftwareStatement | undefined> {
  const text = body.software_statement ?? undefined
  if (text === undefined) return undefined
  if (typeof text !== 'string') throw invalidMetadata('software_statement', 'must be a JWT')
  const jwt = read(text)
  const trusted = issuers.find(({ issuer }) => issuer === jwt.claims.iss)
  if (trusted === undefined) throw unapproved('software_statement_issuer')
  const claims = text === known ? jwt.claims : await verified(engine, jwt, trusted)
  return { text, claims, policy: trusted.policy }
}

/** RFC 7591 §2.3: what the statement says wins over what the client says of itself. */
export function withStatement(body: JsonObject, statement: SoftwareStatement | undefined): JsonObject {
  if (statement === undefined) return body
  const said = metadataMembers
    .filter((member) => Object.hasOwn(statement.claims, member))
    .map((member) => [member, statement.claims[member]])
  return { ...body, ...Object.fromEntries(said) }
}
