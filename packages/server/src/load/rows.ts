import { z } from 'zod'

const text = z.string().min(1).max(2000)
const names = z.array(text)

const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', 'password', 'implicit'] as const

/** A client as it is declared: names of RFC 7591 §2; what RFC 7591 has no name for is Cardea's own. */
export const clientRow = z.strictObject({
  client_id: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters (RFC 6749 Appendix A.1)'),
  client_name: text.exactOptional(),
  /** In clear; only its hash is stored. Absent: the stored one stays. */
  client_secret: z.string().min(1).max(1024).exactOptional(),
  redirect_uris: names.exactOptional(),
  grant_types: z.array(z.enum(grantTypes)).exactOptional(),
  response_types: z.array(z.enum(['code', 'token'])).exactOptional(),
  token_endpoint_auth_method: z.enum(['client_secret_basic', 'client_secret_post', 'none']).exactOptional(),
  application_type: z.enum(['web', 'native']).exactOptional(),
  scope: z.string().exactOptional(),
  client_uri: z.url().exactOptional(),
  logo_uri: z.url().exactOptional(),
  policy_uri: z.url().exactOptional(),
  tos_uri: z.url().exactOptional(),
  contacts: names.exactOptional(),
  pkce: z.array(z.enum(['S256', 'plain', 'none'])).exactOptional(),
  first_party: z.boolean().exactOptional(),
  introspect_any: z.boolean().exactOptional(),
  response_modes: z.array(z.enum(['query', 'fragment', 'form_post'])).exactOptional(),
  /** Absent: stays as it is, so that a restart does not enable what an operator has disabled. */
  disabled: z.boolean().exactOptional(),
})

export const userRow = z.strictObject({
  username: z.string().min(1).max(254),
  email: z.email().max(254).exactOptional(),
  name: text.exactOptional(),
  /** In clear; only its hash is stored. Absent: the stored one stays. */
  password: z.string().min(1).max(1024).exactOptional(),
  disabled: z.boolean().exactOptional(),
})

export const scopeRow = z.strictObject({
  name: z
    .string()
    .regex(
      /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/,
      'must be 1 to 200 characters of RFC 6749 §3.3: no space, quote or backslash',
    ),
  description: z.string().max(2000).exactOptional(),
  is_default: z.boolean().exactOptional(),
})

export const rowsSchema = z.strictObject({
  clients: z.array(clientRow).default([]),
  users: z.array(userRow).default([]),
  scopes: z.array(scopeRow).default([]),
})

export type ClientRow = z.output<typeof clientRow>
export type UserRow = z.output<typeof userRow>
export type ScopeRow = z.output<typeof scopeRow>
export type Rows = z.output<typeof rowsSchema>
