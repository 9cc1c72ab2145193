import { baseString } from './base-string.ts'
import { baseUri, originFrom } from './base-uri.ts'
import { percentEncode } from './encoding.ts'
import { type EncodedPair, formPairs } from './form-pairs.ts'
import { isFormType, type ParameterPlace } from './parameters.ts'
import { splitUrl } from './request-target.ts'
import type { SignatureMethod, SigningKeys } from './signature-methods.ts'

/** A request as a client has it before it signs. */
export interface UnsignedRequest {
  /** HTTP method. */
  readonly method: string
  /** Absolute. It is signed and sent as it is written here. */
  readonly url: string
  /** Media type of the body; a form is signed with the rest (RFC 5849 §3.4.1.3.1). */
  readonly contentType?: string
  /** As it will be sent. */
  readonly body?: string
}

/** Who signs, with what, and where the parameters go. */
export interface Signing {
  /** `oauth_consumer_key`. */
  readonly consumerKey: string
  /** `oauth_token`, of a temporary or a token credential; absent when there is none yet. */
  readonly token?: string
  /** What it is signed with. */
  readonly keys: SigningKeys
  /** How it is signed. */
  readonly signatureMethod: SignatureMethod
  /** Where the protocol parameters go. Default `header`. */
  readonly place?: ParameterPlace
  /** Seconds. Left out when undefined, which only PLAINTEXT allows. */
  readonly timestamp?: number
  /** `oauth_nonce`. Default: a random one. */
  readonly nonce?: string
  /** For the header; not signed. */
  readonly realm?: string
  /** Further protocol parameters: `oauth_callback`, `oauth_verifier`, `oauth_version`. Undefined leaves one out. */
  readonly parameters?: Readonly<Record<string, string | undefined>>
}

/** A request as it is sent. */
export interface SignedRequest {
  /** As it was. */
  readonly method: string
  /** As it was, or with the protocol parameters in the query. */
  readonly url: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** As it was, or with the protocol parameters in the form. */
  readonly body: string | undefined
  /** What was signed: to compare with a client that signs something else. */
  readonly baseString: string
}

const formType = 'application/x-www-form-urlencoded'

function protocolOf({ consumerKey, token, signatureMethod, timestamp, nonce, parameters }: Signing): EncodedPair[] {
  const values: Record<string, string | undefined> = {
    oauth_consumer_key: consumerKey,
    oauth_token: token,
    oauth_signature_method: signatureMethod.name,
    oauth_timestamp: timestamp?.toString(),
    oauth_nonce: nonce,
    ...parameters,
  }
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[percentEncode(name), percentEncode(value)] as const],
  )
}

function sentPairs(text: string): readonly EncodedPair[] {
  const { pairs, problem } = formPairs(text, Number.POSITIVE_INFINITY)
  if (problem !== undefined) throw problem
  return pairs
}

const appended = (text: string | undefined, more: string): string => (text ? `${text}&${more}` : more)

function headerText(pairs: readonly EncodedPair[], realm: string | undefined): string {
  const shown = realm === undefined ? [] : [`realm="${realm.replace(/["\\]/g, '\\$&')}"`]
  return `OAuth ${[...shown, ...pairs.map(([name, value]) => `${name}="${value}"`)].join(', ')}`
}

function placed(request: UnsignedRequest, pairs: readonly EncodedPair[], { place, realm }: Signing) {
  const { url, body, contentType } = request
  const type = contentType === undefined ? {} : { 'content-type': contentType }
  const form = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  if (place === 'query') {
    const [sent = '', fragment] = url.split('#', 2)
    const joint = sent.includes('?') ? (/[?&]$/.test(sent) ? '' : '&') : '?'
    return { url: `${sent}${joint}${form}${fragment === undefined ? '' : `#${fragment}`}`, headers: type, body }
  }
  if (place === 'body') return { url, headers: { 'content-type': contentType ?? formType }, body: appended(body, form) }
  return { url, headers: { ...type, authorization: headerText(pairs, realm) }, body }
}

/**
 * Signs a request as a client does (RFC 5849 §3.1), for tests of an OAuth 1 API. Throws TypeError for a URL that is not
 * absolute, a body place with a body that is no form, and a missing key.
 */
export function signRequest(request: UnsignedRequest, signing: Signing): SignedRequest {
  const parts = splitUrl(request.url)
  const origin = parts === undefined ? undefined : originFrom(parts.origin)
  if (parts === undefined || origin === undefined) throw new TypeError('url: must be an absolute http(s) URL')
  const isForm = isFormType(request.contentType)
  if (signing.place === 'body' && !isForm && (request.contentType !== undefined || request.body !== undefined)) {
    throw new TypeError('body: protocol parameters go into a form body only')
  }
  if (signing.signatureMethod.sign === undefined) throw new TypeError('signatureMethod: it has no sign()')
  const protocol = protocolOf(signing)
  const pairs = [...sentPairs(parts.query), ...protocol, ...(isForm ? sentPairs(request.body ?? '') : [])]
  const text = baseString(request.method, baseUri(origin, parts.path), pairs)
  const signature = signing.signatureMethod.sign(text, signing.keys)
  const signed: EncodedPair[] = [...protocol, ['oauth_signature', percentEncode(signature)]]
  return { method: request.method, ...placed(request, signed, signing), baseString: text }
}
