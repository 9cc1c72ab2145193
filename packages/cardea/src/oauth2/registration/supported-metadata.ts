import type { Client } from '../../core/model/client.ts'
import { isSameResource } from '../../core/rules/resource.ts'
import { invalidMetadata, type MetadataMember } from './client-metadata.ts'

/** What the server says of itself (RFC 8414 §2). */
export type SaidOfServer = Readonly<Record<string, unknown>>

/** Of a list or a text, whether each value stands in that member of the server metadata; without it, none does. */
const listed: readonly (readonly [MetadataMember, string])[] = [
  ['grant_types', 'grant_types_supported'],
  ['response_types', 'response_types_supported'],
  ['response_modes', 'response_modes_supported'],
  ['token_endpoint_auth_method', 'token_endpoint_auth_methods_supported'],
  ['token_endpoint_auth_signing_alg', 'token_endpoint_auth_signing_alg_values_supported'],
  ['request_object_signing_alg', 'request_object_signing_alg_values_supported'],
  ['request_object_encryption_alg', 'request_object_encryption_alg_values_supported'],
  ['request_object_encryption_enc', 'request_object_encryption_enc_values_supported'],
  ['authorization_signed_response_alg', 'authorization_signing_alg_values_supported'],
  ['authorization_encrypted_response_alg', 'authorization_encryption_alg_values_supported'],
  ['authorization_encrypted_response_enc', 'authorization_encryption_enc_values_supported'],
  ['introspection_signed_response_alg', 'introspection_signing_alg_values_supported'],
  ['introspection_encrypted_response_alg', 'introspection_encryption_alg_values_supported'],
  ['introspection_encrypted_response_enc', 'introspection_encryption_enc_values_supported'],
  ['authorization_details_types', 'authorization_details_types_supported'],
]

/** What can be demanded only where the server has it: else the client would rely on what nobody does. */
const demanded: readonly (readonly [MetadataMember, string])[] = [
  ['tls_client_certificate_bound_access_tokens', 'tls_client_certificate_bound_access_tokens'],
  ['dpop_bound_access_tokens', 'dpop_signing_alg_values_supported'],
  ['require_pushed_authorization_requests', 'pushed_authorization_request_endpoint'],
  ['require_signed_request_object', 'request_object_signing_alg_values_supported'],
]

const isListed = (supported: unknown, value: string): boolean => Array.isArray(supported) && supported.includes(value)

/** The order of the values in a response type has no meaning. */
const normalized = (member: MetadataMember, value: string): string =>
  member === 'response_types' ? value.split(' ').filter(Boolean).sort().join(' ') : value

/**
 * RFC 7591 §2: what a client asks for, the server must have.
 * @throws ProtocolError `invalid_client_metadata` that names the member
 */
export function mustBeSupported(client: Client, server: SaidOfServer): void {
  for (const [member, supported] of listed) {
    const values = [client[member] ?? []].flat() as readonly string[]
    const missing = values.find((value) => !isListed(server[supported], normalized(member, value)))
    if (missing !== undefined) throw invalidMetadata(member, `${missing.slice(0, 100)} is not supported here`)
  }
  for (const [member, needed] of demanded) {
    if (client[member] === true && !server[needed]) throw invalidMetadata(member, 'is not supported here')
  }
  if ((client.request_uris?.length ?? 0) > 0 && server.request_uri_parameter_supported !== true)
    throw invalidMetadata('request_uris', 'is not supported here')
}

/** @throws ProtocolError `invalid_client_metadata` for a resource that is not known */
export function resourcesMustBeKnown({ resources = [] }: Client, known: readonly string[]): void {
  const unknown = resources.find((resource) => !known.some((one) => isSameResource(one, resource)))
  if (unknown !== undefined) throw invalidMetadata('resources', `${unknown.slice(0, 100)} is not known here`)
}
