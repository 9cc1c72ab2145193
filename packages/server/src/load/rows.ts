import { isResourceIdentifier, serverAlgorithms, usernameProblem } from 'cardea'
import { z } from 'zod'
import { isKnownHash, validHashes } from '../accounts/hash-formats.ts'
import { authenticationFields, authMethods } from './authentication-fields.ts'
import { moment } from './moment.ts'
import { requestFields } from './request-fields.ts'

const text = z.string().min(1).max(2000)
const names = z.array(text)

const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'password',
  'implicit',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const

export const signatureMethodNames = [
  'HMAC-SHA1',
  'HMAC-SHA256',
  'HMAC-SHA512',
  'RSA-SHA1',
  'RSA-SHA256',
  'RSA-SHA512',
  'PLAINTEXT',
] as const

/** 43 characters of a SHA-256: what the library stores of secrets that it has made. */
const mintedSecretHash = /^sha256:[A-Za-z0-9_-]{43}$/

const storedHash = (isValid: (hash: string) => boolean, valid: string) =>
  z.string().superRefine((hash, context) => {
    if (!isValid(hash)) context.addIssue({ code: 'custom', message: `must be ${valid}` })
  })

/** What a client has besides when it speaks OAuth 1.0a. */
export const oauth1Row = z.strictObject({
  /** The shared secret in clear; it is stored sealed. Absent: the stored one stays. */
  secret: z.string().min(1).max(1024).exactOptional(),
  /** PEM of its RSA public key, or of a certificate. */
  public_key: z.string().min(1).max(20_000).exactOptional(),
  callbacks: names.exactOptional(),
  signature_methods: z.array(z.enum(signatureMethodNames)).exactOptional(),
})

/** A client as it is declared: names of RFC 7591 §2; what RFC 7591 has no name for is Cardea's own. */
export const clientRow = z.strictObject({
  client_id: z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters (RFC 6749 Appendix A.1)'),
  client_name: text.exactOptional(),
  /** In clear; only its hash is stored. Absent: the stored one stays. */
  client_secret: z.string().min(1).max(1024).exactOptional(),
  /** Instead of `client_secret`: the hash another program or the library has stored of it. */
  client_secret_hash: storedHash(
    (hash) => isKnownHash(hash) || mintedSecretHash.test(hash),
    `${validHashes}; or sha256:… of a secret the library has made`,
  ).exactOptional(),
  /**
   * When the secret ends (RFC 7591 §3.2.1); 0: never. Absent: that of the stored secret stays with it, and a new secret
   * has no end.
   */
  client_secret_expires_at: moment.exactOptional(),
  redirect_uris: names.exactOptional(),
  grant_types: z.array(z.enum(grantTypes)).exactOptional(),
  response_types: z.array(z.enum(['code', 'token'])).exactOptional(),
  token_endpoint_auth_method: z.enum(authMethods).exactOptional(),
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
  response_modes: z
    .array(z.enum(['query', 'fragment', 'form_post', 'query.jwt', 'fragment.jwt', 'form_post.jwt', 'jwt']))
    .exactOptional(),
  ...authenticationFields,
  ...requestFields,
  /** RFC 8707: protected resources it may have tokens for. Absent: all. */
  resources: names.exactOptional(),
  /** RFC 9701 §6: signs introspection answers. */
  introspection_signed_response_alg: z.enum(serverAlgorithms).exactOptional(),
  oauth1: oauth1Row.exactOptional(),
  /** Absent: stays as it is, so that a restart does not enable what an operator has disabled. */
  disabled: z.boolean().exactOptional(),
})

export const userRow = z.strictObject({
  username: z
    .string()
    .min(1)
    .max(254)
    .superRefine((name, context) => {
      const problem = usernameProblem(name)
      if (problem !== undefined)
        context.addIssue({ code: 'custom', message: `must be a name to sign in by; it ${problem}` })
    }),
  email: z.email().max(254).exactOptional(),
  name: text.exactOptional(),
  /** In clear; only its hash is stored. Absent: the stored one stays. */
  password: z.string().min(1).max(1024).exactOptional(),
  /**
   * Instead of `password`: the hash another program has stored of it. It is hashed anew when they first sign in, and
   * from then on the declared one is not taken any more.
   */
  password_hash: storedHash(isKnownHash, validHashes).exactOptional(),
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

/** A protected resource as it is declared (RFC 8707). */
export const resourceRow = z
  .strictObject({
    identifier: z.string().refine(isResourceIdentifier, 'must be an absolute URI without fragment (RFC 8707 §2)'),
    name: z.string().min(1).max(200).exactOptional(),
    scopes: z.array(scopeRow.shape.name).exactOptional(),
    token_format: z.enum(['opaque', 'jwt']).exactOptional(),
    signing_alg: z.enum(serverAlgorithms).exactOptional(),
    access_token_lifetime: z.int().min(1).max(315_360_000).exactOptional(),
    /** False: tokens that machines get are not stored. */
    keeps_tokens: z.boolean().exactOptional(),
  })
  .refine(({ keeps_tokens, token_format }) => keeps_tokens !== false || token_format === 'jwt', {
    path: ['keeps_tokens'],
    message:
      'must be true or left out where token_format is not jwt: what is not stored has to say everything by itself',
  })

export const rowsSchema = z.strictObject({
  clients: z.array(clientRow).default([]),
  users: z.array(userRow).default([]),
  scopes: z.array(scopeRow).default([]),
})

export type OAuth1Row = z.output<typeof oauth1Row>
export type ClientRow = z.output<typeof clientRow>
export type UserRow = z.output<typeof userRow>
export type ResourceRow = z.output<typeof resourceRow>
export type ScopeRow = z.output<typeof scopeRow>
export type Rows = z.output<typeof rowsSchema>
