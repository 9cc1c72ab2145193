import type { JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import { type Params, paramsFrom } from '../../http/params.ts'
import { invalidObject } from './invalid-object.ts'

/** About the object itself, and not about what is asked (RFC 7519 §4.1). */
const ofTheObject = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sub']

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) throw invalidObject('request_object_null_parameter')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** RFC 9101 §4: numbers and JSON may stand as they are; a list is repeated where the parameter may be. */
function pairsFrom(name: string, value: unknown, repeatable: readonly string[]): (readonly [string, string])[] {
  if (!Array.isArray(value) || !repeatable.includes(name)) return [[name, textOf(value)]]
  return value.map((each) => [name, textOf(each)] as const)
}

/** The parameters that an object holds. @throws ProtocolError `invalid_request_object` */
export function paramsOfClaims(claims: JwtClaims, repeatable: readonly string[]): Params {
  // RFC 9101 §4: what leads to another object is no parameter of this one.
  if (claims.request !== undefined || claims.request_uri !== undefined)
    throw invalidObject('request_object_holds_request')
  const pairs = Object.entries(claims)
    .filter(([name]) => !ofTheObject.includes(name))
    .flatMap(([name, value]) => pairsFrom(name, value, repeatable))
  return paramsFrom(pairs, { repeatable })
}
