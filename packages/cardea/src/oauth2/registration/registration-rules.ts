import type { Client } from '../../core/model/client.ts'
import { isSameResource } from '../../core/rules/resource.ts'
import { isHttpsUrl } from '../../core/rules/web-url.ts'
import { clientAuthMethodNames } from '../client-auth/methods.ts'
import { invalidMetadata } from './client-metadata.ts'
import type { RegistrationPolicy } from './registration-options.ts'

/** Others would be machines that nobody has let in: no person is asked before these grants give tokens. */
export const usualGrants = ['authorization_code', 'refresh_token']

function mustBeAmong(
  member: 'grant_types' | 'application_type' | 'token_endpoint_auth_method',
  client: Client,
  allowed: readonly string[],
): void {
  const values: readonly string[] = [client[member]].flat()
  const refused = values.find((value) => !allowed.includes(value))
  if (refused !== undefined) throw invalidMetadata(member, `${refused.slice(0, 100)} may not be registered here`)
}

const isHost = (pattern: string, host: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1).toLowerCase()) : host === pattern.toLowerCase()

function hostsMustBeAllowed({ redirect_uris }: Client, hosts: readonly string[]): void {
  const refused = redirect_uris.find((uri) => {
    if (!/^https:/i.test(uri)) return false
    const { hostname } = new URL(uri)
    return !hosts.some((pattern) => isHost(pattern, hostname))
  })
  if (refused !== undefined) throw invalidMetadata('redirect_uris', `${refused.slice(0, 200)} is not allowed here`)
}

/** What of the schemes that the policy allows the client uses: no more is kept for it. */
export function registeredSchemes(
  redirectUris: readonly string[],
  { redirectSchemes = [] }: RegistrationPolicy,
): Pick<Client, 'redirect_schemes'> {
  const used = redirectSchemes.filter((scheme) =>
    redirectUris.some((uri) => uri.toLowerCase().startsWith(`${scheme}:`)),
  )
  return used.length === 0 ? {} : { redirect_schemes: used }
}

/** Shown to people as links of the client, so nobody on the way may change where they lead. */
const links = ['client_uri', 'logo_uri', 'policy_uri', 'tos_uri'] as const

function linksMustBeSafe(client: Client): void {
  const unsafe = links.find((member) => !isHttpsUrl(client[member] ?? 'https://none.example'))
  if (unsafe !== undefined) throw invalidMetadata(unsafe, 'must be an https URL')
}

const namesIn = (scope = ''): string[] => scope.split(' ').filter((name) => name !== '')

/** What the policy leaves of the scopes there are, in their order. */
const scopeCeiling = ({ scope }: RegistrationPolicy, known: readonly string[]): readonly string[] =>
  scope === undefined ? known : known.filter((name) => namesIn(scope).includes(name))

/**
 * The scope a client is registered for: what it asks for, or all that the policy has. Always said, so that a scope that
 * comes later is not everybody's.
 * @throws ProtocolError `invalid_client_metadata`
 */
export function registeredScope(
  asked: string | undefined,
  policy: RegistrationPolicy,
  known: readonly string[],
): string {
  const ceiling = scopeCeiling(policy, known)
  if (asked === undefined) return ceiling.join(' ')
  const refused = namesIn(asked).find((name) => !ceiling.includes(name))
  if (refused !== undefined) throw invalidMetadata('scope', `${refused.slice(0, 100)} may not be registered here`)
  return [...new Set(namesIn(asked))].join(' ')
}

/** The resources a client is registered for. @throws ProtocolError `invalid_client_metadata` */
export function registeredResources(
  asked: readonly string[] | undefined,
  { resources }: RegistrationPolicy,
): readonly string[] | undefined {
  if (resources === undefined) return asked
  const refused = asked?.find((one) => !resources.some((allowed) => isSameResource(allowed, one)))
  if (refused !== undefined) throw invalidMetadata('resources', `${refused.slice(0, 100)} may not be registered here`)
  return asked ?? resources
}

/** @throws ProtocolError `invalid_client_metadata` or `invalid_redirect_uri` that names the member */
export function mustBeWithin(policy: RegistrationPolicy, client: Client): void {
  mustBeAmong('grant_types', client, policy.grantTypes ?? usualGrants)
  mustBeAmong('application_type', client, policy.applicationTypes ?? ['web', 'native'])
  mustBeAmong('token_endpoint_auth_method', client, policy.authMethods ?? clientAuthMethodNames)
  if (policy.redirectHosts !== undefined) hostsMustBeAllowed(client, policy.redirectHosts)
  linksMustBeSafe(client)
}
