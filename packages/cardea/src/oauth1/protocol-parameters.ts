import { badRequest, OAuth1Error } from './errors.ts'

type Protocol = ReadonlyMap<string, string>

/** The value, or undefined when absent or empty: some clients send an empty `oauth_token` with their first request. */
export const optionalParameter = (protocol: Protocol, name: string): string | undefined =>
  protocol.get(name) || undefined

export const missingParameter = (name: string): OAuth1Error =>
  new OAuth1Error('missing_required_parameter', `missing_${name}`, { description: `Missing '${name}' in request` })

/** Throws `missing_required_parameter` naming the parameter when it is absent or empty. */
export function requiredParameter(protocol: Protocol, name: string): string {
  const value = optionalParameter(protocol, name)
  if (value === undefined) throw missingParameter(name)
  return value
}

/** RFC 5849 §3.1: `oauth_version` may be left out; if it is there it must be `1.0`. Throws `invalid_request`. */
export function versionMustBeKnown(protocol: Protocol): void {
  const version = protocol.get('oauth_version')
  if (version !== undefined && version !== '1.0') throw badRequest('unknown_version', "oauth_version must be '1.0'")
}
