import type { HttpRequest } from '../http/request.ts'
import { baseString } from './base-string.ts'
import { baseUri, namesOrigin } from './base-uri.ts'
import { parametersOf, type SignedParameters } from './parameters.ts'
import { missingParameter, versionMustBeKnown } from './protocol-parameters.ts'
import { requestParts } from './request-parts.ts'
import { splitTarget } from './request-target.ts'

/** A request with OAuth 1 parameters, read and not verified yet. */
export interface UnverifiedRequest extends SignedParameters {
  readonly method: string
  /** Raw, with every prefix the client sees. */
  readonly path: string
  /** The Host header, where there is one. */
  readonly host: string | undefined
  readonly secure: boolean | undefined
  readonly remoteAddress: string | undefined
}

/** Undefined: this is no OAuth 1 request. Throws `OAuth1Error` for one that is broken. */
export async function unverifiedRequest(request: HttpRequest): Promise<UnverifiedRequest | undefined> {
  const parameters = parametersOf(await requestParts(request))
  if (parameters === undefined) return undefined
  versionMustBeKnown(parameters.protocol)
  return {
    ...parameters,
    method: request.method,
    path: splitTarget(request.target).path,
    host: request.header('host')?.toLowerCase(),
    secure: request.secure,
    remoteAddress: request.remoteAddress,
  }
}

/** For the endpoints, which speak nothing but OAuth 1. */
export async function mustBeOAuth1(request: HttpRequest): Promise<UnverifiedRequest> {
  const read = await unverifiedRequest(request)
  if (read !== undefined) return read
  throw missingParameter('oauth_consumer_key')
}

/**
 * The base string for the origin the client signed for. The Host header only picks one of the configured origins:
 * taken as it is, whoever sends a request would choose what its signature is checked against.
 */
export function baseStringOf(
  { host, method, pairs, path, secure }: UnverifiedRequest,
  origins: readonly string[],
): string {
  const named = host === undefined ? [] : origins.filter((origin) => namesOrigin(host, origin))
  const open = secure === false ? named.find((origin) => origin.startsWith('http:')) : undefined
  return baseString(method, baseUri(open ?? named[0] ?? origins[0] ?? '', path), pairs)
}
