import { defaultLeeway, type JwtClaims } from '../../core/crypto/jose/jwt-policy.ts'
import type { Client } from '../../core/model/client.ts'
import { namedClient } from '../authorize/named-client.ts'
import type { OnceOnly } from '../authorize/once-only.ts'
import type { ReceivedParams, RequestSource, ResolvedRequest } from '../authorize/request-source.ts'
import { paramsOfClaims } from './claimed-params.ts'
import { invalidRequestUri } from './invalid-object.ts'
import { type ObjectChecks, verifiedObject } from './verified-object.ts'

/** How objects are read at the authorization endpoint, and where they are pushed. */
export interface ObjectSourceParts extends ObjectChecks {
  /** The document at a registered `request_uri`. @throws ProtocolError `invalid_request_uri` */
  documentAt(uri: string): Promise<string>
}

/** RFC 9101 §5: named outside, for the keys to be found; what is inside must be the same. */
const clientOf = ({ engine, params, request }: ReceivedParams): Promise<Client> => namedClient(engine, params, request)

function onceOf({ exp = 0, iss = '', jti }: JwtClaims): { readonly once?: OnceOnly } {
  if (jti === undefined) return {}
  const key = `request object ${JSON.stringify([iss, jti])}`
  return { once: { kind: 'object', key, until: Math.ceil(exp + defaultLeeway) } }
}

/** RFC 9101 §6.3: only what is inside counts. */
async function resolvedObject(
  { engine, repeatable }: ReceivedParams,
  client: Client,
  text: string,
  parts: ObjectSourceParts,
): Promise<ResolvedRequest & { readonly claims: JwtClaims }> {
  const claims = await verifiedObject(engine, client, text, parts)
  const params = paramsOfClaims(claims, repeatable)
  return { params, origin: { pushed: false, signed: true }, claims }
}

/** RFC 9101 §5.1: `request`. */
export const objectByValue = (parts: ObjectSourceParts): RequestSource => ({
  parameter: 'request',
  async resolve(received) {
    const client = await clientOf(received)
    const text = received.params.get('request') ?? ''
    const { claims, ...resolved } = await resolvedObject(received, client, text, parts)
    return parts.settings.singleUse ? { ...resolved, ...onceOf(claims) } : resolved
  },
})

/** RFC 9101 §5.2: `request_uri`, of the addresses that the client is registered with and no other (T-AUZ-15). */
export const objectByReference = (parts: ObjectSourceParts): RequestSource => ({
  parameter: 'request_uri',
  async resolve(received) {
    const client = await clientOf(received)
    const uri = received.params.get('request_uri') ?? ''
    if (!uri.startsWith('https:') || !client.request_uris?.includes(uri))
      throw invalidRequestUri('request_uri_not_registered')
    const { claims: _claims, ...resolved } = await resolvedObject(received, client, await parts.documentAt(uri), parts)
    return resolved
  },
})
