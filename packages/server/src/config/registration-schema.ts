import type { ProviderOptions } from 'cardea'
import { publicKeyAlgorithms } from 'cardea'
import { z } from 'zod'
import { noted } from './key-notes.ts'

const texts = z.array(z.string().min(1)).exactOptional()
const seconds = z.int().min(0).max(3_153_600_000).exactOptional()

/** The library's `RegistrationPolicy`. */
const policySchema = z.strictObject({
  scope: z.string().exactOptional(),
  grantTypes: texts,
  applicationTypes: z.array(z.enum(['web', 'native'])).exactOptional(),
  redirectHosts: texts,
  redirectSchemes: texts,
  authMethods: texts,
  resources: texts,
  clientLifetime: seconds,
  secretLifetime: seconds,
  approved: z.boolean().exactOptional(),
  softwareStatementRequired: z.boolean().exactOptional(),
})

const issuerSchema = z.strictObject({
  issuer: z.string().min(1),
  jwks: z.strictObject({ keys: z.array(z.looseObject({ kty: z.string() })) }).exactOptional(),
  jwksUri: z.url().exactOptional(),
  algorithms: z.array(z.enum(publicKeyAlgorithms as [(typeof publicKeyAlgorithms)[number]])).exactOptional(),
  maxAge: z.int().min(1).exactOptional(),
  policy: z.string().min(1).exactOptional(),
})

const flag = (about: string) => noted(z.boolean().exactOptional(), { about, valid: 'true or false', default: 'false' })

/** Section `registration`. */
export const registrationSchema = z.strictObject({
  mode: noted(z.enum(['off', 'initial-access-token', 'open']).exactOptional(), {
    about:
      'Who may register clients at `/register` (RFC 7591): nobody; holders of a token of `cardea registration-token create`; anybody, within `limits.registration…`.',
    valid: 'off, initial-access-token or open',
    default: 'off',
  }),
  policies: noted(z.record(z.string().min(1), policySchema).exactOptional(), {
    about:
      'What clients may register for, by name of the policy: `scope`, `grantTypes`, `applicationTypes`, `redirectHosts`, `redirectSchemes`, `authMethods`, `resources`, `clientLifetime`, `secretLifetime`, `approved`, `softwareStatementRequired`. `default` holds where nothing names another.',
    valid:
      'a map of names and policies such as { default: { scope: "read", redirectHosts: ["*.example.com"] } } (as JSON in the environment)',
    default: 'authorization code and refresh tokens, every scope',
  }),
  softwareStatements: noted(z.array(issuerSchema).exactOptional(), {
    about:
      'Issuers whose software statements count (RFC 7591 §2.3): `issuer`, `jwks` or `jwksUri`, `algorithms`, `maxAge`, `policy`.',
    valid:
      'a list of issuers such as { issuer: "https://directory.example", jwksUri: "https://…" } (as JSON in the environment)',
    default: 'none',
  }),
  rotateRegistrationToken: flag('An update of a client answers with a new registration access token (RFC 7592 §2.2).'),
  inferApplicationType: flag(
    'A client that says no `application_type` and has a loopback or private-use redirect URI is native; older MCP clients need it.',
  ),
  localhostAnyPort: flag(
    'Redirect URIs of native clients that name `localhost` may differ in port; MCP clients need it.',
  ),
})

export type RegistrationConfig = z.output<typeof registrationSchema>

/** The library's option of the same name. */
export function registrationFrom({
  mode = 'off',
  ...others
}: RegistrationConfig): NonNullable<ProviderOptions['registration']> {
  return mode === 'off' ? false : { mode, ...others }
}
