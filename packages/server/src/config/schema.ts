import { z } from 'zod'
import { clientRow, scopeRow, userRow } from '../load/rows.ts'
import { type assertionFeatures, assertionSchemas } from './assertion-schema.ts'
import { deviceGrantSchema } from './device-schema.ts'
import { errorUrisSchema, pathsSchema } from './endpoint-schema.ts'
import { issuerProblem } from './issuer.ts'
import { noted } from './key-notes.ts'
import { oauth1Schema } from './oauth1-schema.ts'
import { type presetFeatures, presetSchemas } from './preset-schema.ts'
import { type proofFeatures, proofSchemas } from './proof-schema.ts'
import { registrationSchema } from './registration-schema.ts'
import { type requestFeatures, requestSchemas } from './request-schema.ts'
import { tokenSchemas } from './token-schema.ts'

export const grantNames = ['authorization_code', 'refresh_token', 'client_credentials', 'password'] as const
export const responseTypeNames = ['code', 'token'] as const
export const responseModeNames = [
  'query',
  'fragment',
  'form_post',
  'query.jwt',
  'fragment.jwt',
  'form_post.jwt',
  'jwt',
] as const
export const profileNames = ['django-oauth2-server'] as const
export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

const seconds = (about: string, fallback: string, min: number, max: number) =>
  noted(z.int().min(min).max(max).exactOptional(), {
    about: `${about}.`,
    valid: `a whole number of seconds from ${min} to ${max}`,
    default: fallback,
  })

const flag = (about: string) =>
  noted(z.boolean().exactOptional(), { about, valid: 'true or false', default: 'false, or what the profile says' })

const limit = (about: string, attempts: number, window: number) =>
  z
    .strictObject({
      attempts: noted(z.int().min(1).max(1_000_000), {
        about: `${about}: how many in one window.`,
        valid: 'a whole number from 1 to 1000000',
        default: String(attempts),
      }),
      window: noted(z.int().min(1).max(86_400), {
        about: `${about}: the window.`,
        valid: 'a whole number of seconds from 1 to 86400',
        default: String(window),
      }),
    })
    .prefault({ attempts, window })

const year = 31_536_000

export const lifetimesSchema = z.strictObject({
  accessToken: seconds('Lifetime of an access token; 0: it does not expire', '3600', 0, year),
  authorizationCode: seconds('Lifetime of an authorization code', '60; 600 in the profile', 1, 600),
  refreshToken: seconds('Lifetime of a refresh token, renewed by each use', '1209600', 1, 10 * year),
  authorization: seconds('Absolute end of an authorization, however often refreshed', '7776000', 1, 10 * year),
  refreshReuseWindow: seconds('How long a used refresh token still fetches its same successor; 0: never', '10', 0, 60),
  session: seconds('Lifetime of a sign-in', '86400', 60, year),
  interaction: seconds('How long a person may take to sign in and answer', '600', 30, 3600),
  perGrant: noted(
    z
      .record(
        z.string().min(1),
        z.strictObject({
          accessToken: z.int().min(0).max(year).exactOptional(),
          refreshToken: z
            .int()
            .min(1)
            .max(10 * year)
            .exactOptional(),
        }),
      )
      .exactOptional(),
    {
      about:
        'Lifetimes of what one grant type issues, `accessToken` and `refreshToken`; what a refresh issues follows the grant it came from.',
      valid: 'a map such as { client_credentials: { accessToken: 600 } } (as JSON in the environment)',
      default: 'those above',
    },
  ),
})

export const compatibilitySchema = z.strictObject({
  tokenAnswerId: flag('Adds the integer `id` to token answers.'),
  refreshTokenForEveryGrant: flag('Every grant answers with a refresh token, client credentials included.'),
  eitherSecretMethod: flag('`client_secret_basic` and `client_secret_post` are interchangeable.'),
  redirectUriOptionalAtToken: flag('`redirect_uri` need not be repeated at the token endpoint.'),
  refreshEndsAccessTokens: flag('Refreshing ends the access tokens that were issued before.'),
  dropUnknownScope: flag('Unknown scope names in a request are dropped instead of refused.'),
  stateRequired: flag('The authorization endpoint refuses requests without `state`.'),
  bearerTokenInFormOrQuery: flag('Protected resources also take the token from a form body or the query.'),
  implicitForConfidential: flag('Confidential clients may use the implicit grant.'),
  tokenEndpointAsAudience: flag('Client assertions may name the token endpoint in place of the issuer.'),
})

const filePath = (about: string) =>
  noted(z.string().min(1).exactOptional(), { about, valid: 'the path of a file', default: 'none' })

/** The whole configuration of the server. Every key has its environment variable: see `variableOf`. */
export const configSchema = z.strictObject({
  issuer: noted(
    z
      .string()
      .superRefine((value, context) => {
        const problem = issuerProblem(value)
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
      })
      .exactOptional(),
    {
      about: 'The address under which clients and browsers reach the server; every URL is made from it.',
      valid: 'an https URL without query or fragment, such as https://id.example.com (http on loopback only)',
      default: 'none: required by `serve`',
    },
  ),
  host: noted(z.string().min(1).default('127.0.0.1'), {
    about: 'Address to listen on; 0.0.0.0 or :: for all.',
    valid: 'an address or host name of this machine',
  }),
  port: noted(z.int().min(0).max(65_535).default(8000), {
    about: 'Port to listen on; also `PORT`. 0: any free one.',
    valid: 'a whole number from 0 to 65535',
  }),
  database: z
    .strictObject({
      file: noted(z.string().min(1).default('cardea.sqlite'), {
        about: 'The SQLite database, relative to the current folder.',
        valid: 'the path of a file',
      }),
    })
    .prefault({}),
  secrets: noted(z.array(z.string().min(32)).exactOptional(), {
    about: 'Secrets that keys are derived from: the first makes, all verify and open, so that one can be rotated.',
    valid: 'a list of texts of at least 32 characters each, for example from `openssl rand -base64 48`',
    default: 'none: required by `serve`',
    secret: true,
  }),
  tls: z
    .strictObject({
      certFile: filePath('Certificate chain (PEM); with `tls.keyFile` the server speaks https itself.'),
      keyFile: filePath('Private key (PEM) of the certificate.'),
    })
    .prefault({}),
  trustedProxies: noted(z.array(z.string().min(1)).exactOptional(), {
    about: 'Proxies whose X-Forwarded-For is believed.',
    valid: "a list of addresses, CIDR ranges such as 10.0.0.0/8, or 'loopback'",
    default: 'none',
  }),
  maxConnections: noted(z.int().min(1).max(1_000_000).default(10_000), {
    about: 'Connections held open at once; more are refused.',
    valid: 'a whole number from 1 to 1000000',
  }),
  title: noted(z.string().min(1).max(100).exactOptional(), {
    about: 'Name shown on the pages.',
    valid: 'a text of 1 to 100 characters',
    default: 'Cardea',
  }),
  profile: noted(z.enum(profileNames).exactOptional(), {
    about: 'Named compatibility profile: a set of paths, grants and compatibility options.',
    valid: `one of ${profileNames.join(', ')}`,
    default: 'none',
  }),
  grants: noted(z.array(z.enum(grantNames)).min(1).exactOptional(), {
    about: 'Grant types that are on.',
    valid: `a list of ${grantNames.join(', ')}`,
    default: 'authorization_code, refresh_token, client_credentials',
  }),
  responseTypes: noted(z.array(z.enum(responseTypeNames)).min(1).exactOptional(), {
    about: 'Response types that are on; `token` is the implicit grant.',
    valid: `a list of ${responseTypeNames.join(', ')}`,
    default: 'code',
  }),
  responseModes: noted(z.array(z.enum(responseModeNames)).min(1).exactOptional(), {
    about: 'Ways in which answers may travel back to clients; those with `jwt` where `signedResponses` are on.',
    valid: `a list of ${responseModeNames.join(', ')}`,
    default: 'all there are',
  }),
  rotateRefreshTokens: noted(z.enum(['all', 'public']).exactOptional(), {
    about: 'Whose refresh tokens are replaced by each use; `public`: confidential clients keep theirs.',
    valid: 'all or public',
    default: 'all',
  }),
  ...tokenSchemas,
  ...assertionSchemas,
  oauth1: oauth1Schema.prefault({}),
  registration: registrationSchema.prefault({}),
  deviceGrant: deviceGrantSchema.prefault({}),
  ...requestSchemas,
  ...proofSchemas,
  ...presetSchemas,
  lifetimes: lifetimesSchema.prefault({}),
  limits: z
    .strictObject({
      accountFromNetwork: limit('Wrong passwords for one account from one network', 10, 900),
      account: limit('Wrong passwords for one account from anywhere', 100, 900),
      network: limit('Wrong passwords from one network for any account', 100, 900),
      interaction: limit('Authorization requests from one network that wait for a person', 1000, 600),
      client: limit('Wrong secrets for one client from one network', 30, 300),
      userCode: limit('Wrong codes of devices from one network, and by one user', 20, 900),
      everyUserCode: limit('Wrong codes of devices altogether, of users and of strangers apart', 1000, 900),
      registrationFromNetwork: limit('Clients registered from one network without an initial access token', 20, 3600),
      clientDocumentFromNetwork: limit('Documents about clients that are fetched for one network', 60, 600),
      clientDocument: limit('Documents about clients that nobody has named before, for anybody', 1000, 3600),
      registration: limit('Clients registered from anywhere without an initial access token', 1000, 86_400),
    })
    .prefault({}),
  compatibility: compatibilitySchema.prefault({}),
  ignoreClientRequestedScope: noted(z.boolean().default(false), {
    about: 'Scope asked for by a client is ignored; the default scope is granted.',
    valid: 'true or false',
  }),
  refuseScopeNotAllowed: noted(z.boolean().default(false), {
    about: 'Scope beyond what a client may have is refused, instead of left out of the grant.',
    valid: 'true or false',
  }),
  paths: pathsSchema.prefault({}),
  errorUris: errorUrisSchema,
  clients: noted(z.array(clientRow).default([]), {
    about: 'Clients that are created or brought up to date at each start, as by `cardea load`.',
    valid: 'a list of clients (as JSON in the environment)',
    secret: true,
  }),
  users: noted(z.array(userRow).default([]), {
    about: 'Users that are created or brought up to date at each start, as by `cardea load`.',
    valid: 'a list of users (as JSON in the environment)',
    secret: true,
  }),
  scopes: noted(z.array(scopeRow).default([]), {
    about: 'Scopes that are created or brought up to date at each start, as by `cardea load`.',
    valid: 'a list of scopes (as JSON in the environment)',
  }),
  log: z
    .strictObject({
      level: noted(z.enum(logLevels).default('info'), {
        about: 'What is logged, as JSON lines on standard error.',
        valid: `one of ${logLevels.join(', ')}`,
      }),
    })
    .prefault({}),
  housekeeping: z
    .strictObject({
      interval: noted(z.int().min(1).max(86_400).default(60), {
        about: 'How often expired rows are deleted.',
        valid: 'a whole number of seconds from 1 to 86400',
      }),
    })
    .prefault({}),
  shutdown: z
    .strictObject({
      grace: noted(z.int().min(0).max(10).default(10), {
        about: 'How long accepted requests may take to finish when the server is stopped.',
        valid: 'a whole number of seconds from 0 to 10',
      }),
    })
    .prefault({}),
})

/** The checked configuration, with every default filled in that is not the library's own. */
export type Config = z.output<typeof configSchema>
type Input = z.input<typeof configSchema>
type AssertionFeature = (typeof assertionFeatures)[number]
type RequestFeature =
  | (typeof requestFeatures)[number]
  | (typeof proofFeatures)[number]
  | (typeof presetFeatures)[number]

/** What a configuration file may hold. */
export type ConfigInput = Omit<Input, 'deviceGrant' | 'oauth1' | 'paths' | RequestFeature | AssertionFeature> & {
  /** `false`: none. */
  clientAssertions?: boolean | NonNullable<Input['clientAssertions']>
  /** `true`: with every default. */
  mutualTls?: boolean | NonNullable<Input['mutualTls']>
  /** `true`: with every default. */
  jwtBearer?: boolean | NonNullable<Input['jwtBearer']>
  /** `true`: with every default. */
  tokenExchange?: boolean | NonNullable<Input['tokenExchange']>
  /** `true`: with every default. */
  deviceGrant?: boolean | NonNullable<Input['deviceGrant']>
  /** `true`: with every default. */
  oauth1?: boolean | NonNullable<Input['oauth1']>
  /** `true`: with every default. */
  pushedRequests?: boolean | NonNullable<Input['pushedRequests']>
  /** `true`: with every default. */
  requestObjects?: boolean | NonNullable<Input['requestObjects']>
  /** `true`: with every default. */
  signedResponses?: boolean | NonNullable<Input['signedResponses']>
  /** `true`: with every default. */
  clientDocuments?: boolean | NonNullable<Input['clientDocuments']>
  /** `true`: with every default. */
  dpop?: boolean | NonNullable<Input['dpop']>
  /** One path may stand without its list. */
  paths?: { [Name in keyof NonNullable<Input['paths']>]: string | NonNullable<Input['paths']>[Name] }
}
