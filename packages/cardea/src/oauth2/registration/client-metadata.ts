import { isJsonObject, type JsonObject } from '../../core/crypto/jose/strict-json.ts'
import type { Client } from '../../core/model/client.ts'
import { isPlainText } from '../../core/rules/client-name.ts'
import { ProtocolError } from '../../core/spec/errors.ts'

interface KindTypes {
  readonly text: string
  readonly texts: readonly string[]
  readonly flag: boolean
  readonly keys: NonNullable<Client['jwks']>
}

type Kind = keyof KindTypes

/** Every member that a client may set of itself; whatever else it sends is dropped (RFC 7591 §2). */
const kinds = {
  redirect_uris: 'texts',
  client_name: 'text',
  client_uri: 'text',
  logo_uri: 'text',
  policy_uri: 'text',
  tos_uri: 'text',
  contacts: 'texts',
  grant_types: 'texts',
  response_types: 'texts',
  token_endpoint_auth_method: 'text',
  token_endpoint_auth_signing_alg: 'text',
  application_type: 'text',
  scope: 'text',
  jwks: 'keys',
  jwks_uri: 'text',
  software_id: 'text',
  software_version: 'text',
  tls_client_auth_subject_dn: 'text',
  tls_client_auth_san_dns: 'text',
  tls_client_auth_san_uri: 'text',
  tls_client_auth_san_ip: 'text',
  tls_client_auth_san_email: 'text',
  tls_client_certificate_bound_access_tokens: 'flag',
  dpop_bound_access_tokens: 'flag',
  require_signed_request_object: 'flag',
  request_object_signing_alg: 'text',
  request_object_encryption_alg: 'text',
  request_object_encryption_enc: 'text',
  request_uris: 'texts',
  require_pushed_authorization_requests: 'flag',
  authorization_signed_response_alg: 'text',
  authorization_encrypted_response_alg: 'text',
  authorization_encrypted_response_enc: 'text',
  introspection_signed_response_alg: 'text',
  introspection_encrypted_response_alg: 'text',
  introspection_encrypted_response_enc: 'text',
  authorization_details_types: 'texts',
  response_modes: 'texts',
  resources: 'texts',
} as const satisfies Partial<Record<keyof Client, Kind>>

export type MetadataMember = keyof typeof kinds

/** What a client says of itself, each member of the kind it should have. */
export type ClientMetadata = { readonly [Member in MetadataMember]?: KindTypes[(typeof kinds)[Member]] }

export const metadataMembers = Object.keys(kinds) as readonly MetadataMember[]

const longestText = 2048
const longestList = 50

/** RFC 7591 §3.2.2: redirect URIs have an error of their own. */
export const invalidMetadata = (member: string, problem: string): ProtocolError =>
  new ProtocolError(
    member === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    `metadata_${member}`,
    { description: `${member}: ${problem}` },
  )

/** Operators read them in terminals and logs, so none may write there what it likes. */
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= longestText && isPlainText(value)

const isKind: { readonly [K in Kind]: (value: unknown) => boolean } = {
  text: isText,
  texts: (value) => Array.isArray(value) && value.length <= longestList && value.every(isText),
  flag: (value) => typeof value === 'boolean',
  keys: isJsonObject,
}

const mustBe: Readonly<Record<Kind, string>> = {
  text: `must be a text of at most ${longestText} characters, all of which can be seen`,
  texts: `must be a list of at most ${longestList} texts, all of whose characters can be seen`,
  flag: 'must be true or false',
  keys: 'must be a JWK Set',
}

/** A repeat says nothing more, and of a key set only the keys are known (RFC 7517 §5). */
function kept(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value)]
  return isJsonObject(value) ? { keys: value.keys } : value
}

/**
 * Takes the members that are known, each of its kind. Null is the same as absent (RFC 7592 §2.2).
 * @throws ProtocolError `invalid_client_metadata` or `invalid_redirect_uri` that names the member
 */
export function clientMetadataFrom(said: JsonObject): ClientMetadata {
  const metadata: Partial<Record<MetadataMember, unknown>> = {}
  for (const member of metadataMembers) {
    const value = Object.hasOwn(said, member) ? said[member] : undefined
    if (value === undefined || value === null) continue
    const kind = kinds[member]
    if (!isKind[kind](value)) throw invalidMetadata(member, mustBe[kind])
    metadata[member] = kept(value)
  }
  return metadata as ClientMetadata
}
