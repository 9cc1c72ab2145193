import {
  type ExchangePolicy,
  ProtocolError,
  type ProviderOptions,
  publicKeyAlgorithms,
  type Store,
  type TrustedIssuer,
} from 'cardea'
import { z } from 'zod'
import { noted } from './key-notes.ts'

const flag = (about: string, fallback: string) =>
  noted(z.boolean().exactOptional(), { about, valid: 'true or false', default: fallback })

const seconds = (about: string, fallback: string) =>
  noted(z.int().min(1).max(86_400).exactOptional(), {
    about,
    valid: 'a whole number of seconds from 1 to 86400',
    default: fallback,
  })

const texts = z.array(z.string().min(1))

const trustedIssuer = z.strictObject({
  issuer: z.string().min(1),
  jwks: z.strictObject({ keys: z.array(z.looseObject({ kty: z.string() })) }).exactOptional(),
  jwksUri: z.url().exactOptional(),
  algorithms: z.array(z.enum(publicKeyAlgorithms)).min(1).exactOptional(),
  types: texts.exactOptional(),
  audience: texts.exactOptional(),
  maxLifetime: z.int().min(1).exactOptional(),
  clients: texts.exactOptional(),
  scope: texts.exactOptional(),
  usernameClaim: z.string().min(1).exactOptional(),
})

const exchangeRule = z.strictObject({
  client: z.string().min(1),
  from: texts.exactOptional(),
  issuers: texts.exactOptional(),
  targets: texts.exactOptional(),
  scope: texts.exactOptional(),
  delegation: z.boolean().exactOptional(),
  mayAct: z.string().min(1).exactOptional(),
})

type ExchangeRule = z.output<typeof exchangeRule>

/** Keys for what is proved by signed assertions, by certificates and by other tokens. */
export const assertionSchemas = {
  clientAssertions: z
    .strictObject({
      enabled: flag('Clients may prove themselves by JWTs (`private_key_jwt`, `client_secret_jwt`).', 'true'),
      maxLifetime: seconds('How long such a JWT may live.', '3600'),
    })
    .prefault({}),
  mutualTls: z
    .strictObject({
      enabled: flag(
        'Clients may prove themselves by certificates (RFC 8705).',
        'false; true where any other key of `mutualTls` is set',
      ),
      authoritiesFile: noted(z.string().min(1).exactOptional(), {
        about: 'Certificates (PEM) of the authorities that issue those of clients (`tls_client_auth`).',
        valid: 'the path of a file',
        default: 'none: only certificates for registered keys are taken',
      }),
      selfSigned: flag(
        'Clients may show certificates for keys they registered (`self_signed_tls_client_auth`).',
        'true',
      ),
      endpointOrigin: noted(z.string().min(1).exactOptional(), {
        about: 'Where clients with certificates go, where that is not the issuer (RFC 8705 §5).',
        valid: 'an https origin such as https://mtls.id.example.com',
        default: 'the issuer',
      }),
      proxyHeader: noted(z.string().min(1).exactOptional(), {
        about:
          'Header in which `trustedProxies` hand over the certificate of the client; they must remove it from requests.',
        valid: 'the name of a header such as Client-Cert',
        default: 'none',
      }),
      proxyFormat: noted(z.enum(['rfc9440', 'pem', 'xfcc']).exactOptional(), {
        about: 'How it is written there: RFC 9440, percent-encoded PEM (nginx), or X-Forwarded-Client-Cert (Envoy).',
        valid: 'rfc9440, pem or xfcc',
        default: 'rfc9440',
      }),
    })
    .prefault({}),
  trustedIssuers: noted(z.array(trustedIssuer).default([]), {
    about:
      'Other servers whose JWTs stand for users, at the JWT bearer grant and in token exchange: `issuer`, `jwks` or `jwksUri`, `algorithms`, `types` (`JWT`, `none`), `audience` besides our issuer, `maxLifetime` (3600), `clients` that may bring them, `scope` at most, `usernameClaim` that holds the user name of a user here (else `sub` holds its id).',
    valid:
      'a list of issuers such as { issuer: "https://idp.example", jwksUri: "https://…", usernameClaim: "email" } (as JSON in the environment)',
  }),
  jwtBearer: z
    .strictObject({
      enabled: flag(
        'JWTs are taken as grants (RFC 7523 §2.1).',
        'false; true where any other key of `jwtBearer` is set',
      ),
      ownAssertions: flag('Clients may sign for themselves.', 'true'),
      requireId: flag('Assertions must have a `jti`.', 'true'),
    })
    .prefault({}),
  tokenExchange: z
    .strictObject({
      enabled: flag(
        'Tokens are exchanged (RFC 8693): by each client for less of what it holds.',
        'false; true where any other key of `tokenExchange` is set',
      ),
      maxActors: noted(z.int().min(1).max(16).exactOptional(), {
        about: 'How many may act for each other in a row.',
        valid: 'a whole number from 1 to 16',
        default: '4',
      }),
      allow: noted(z.array(exchangeRule).exactOptional(), {
        about:
          'What else is exchanged: `client` may exchange tokens issued to the clients in `from` or by `issuers`, for `targets` and at most `scope`; with `delegation` it is named as the actor; with `mayAct` only that client may act with what it gets.',
        valid: 'a list of rules such as { client: "orders", from: ["shop"], targets: ["https://stock.example"] }',
        default: 'nothing',
      }),
    })
    .prefault({}),
  outgoing: z
    .strictObject({
      allowHosts: noted(texts.exactOptional(), {
        about: 'Hosts of your own network that keys and other documents may be fetched from.',
        valid: 'a list of names, as name or name:port',
        default: 'none: public addresses only',
      }),
      caFile: noted(z.string().min(1).exactOptional(), {
        about: 'Certificates (PEM) of authorities to trust there besides the usual ones.',
        valid: 'the path of a file',
        default: 'none',
      }),
    })
    .prefault({}),
} as const

const assertionConfig = z.strictObject(assertionSchemas)

/** Their configuration. */
export type AssertionConfig = z.output<typeof assertionConfig>

/** Sections that `true` and `false` stand for. */
export const assertionFeatures = ['clientAssertions', 'mutualTls', 'jwtBearer', 'tokenExchange'] as const

/** Contents of the files that the configuration names. */
export interface AssertionFiles {
  readonly clientAuthorities?: string | undefined
  readonly outgoingCa?: string | undefined
}

const isOn = ({ enabled, ...others }: { readonly enabled?: boolean | undefined }): boolean =>
  enabled ?? Object.keys(others).length > 0

export const speaksMutualTls = (config: AssertionConfig['mutualTls']): boolean => isOn(config)

const isListed = (list: readonly string[] | undefined, value: string | undefined): boolean =>
  list !== undefined && value !== undefined && list.includes(value)

/** The first rule that allows an exchange; without one, a client may have less of what it holds. */
export function policyFrom(rules: readonly ExchangeRule[]): ExchangePolicy {
  return ({ client, isOwn, scope, subject, targets }) => {
    const held = subject.facts?.resources
    const ofClient = rules.filter(
      ({ client: id, from, issuers }) =>
        id === client.client_id && (isListed(from, subject.clientId) || isListed(issuers, subject.issuer)),
    )
    // What names no target would be for every one, or for those of the subject's token.
    const meant = targets.length > 0 ? targets : (held ?? [])
    const rule = ofClient.find(({ targets: allowed }) =>
      allowed === undefined
        ? targets.length === 0
        : meant.length > 0 && meant.every((target) => allowed.includes(target)),
    )
    if (rule === undefined && isOwn && targets.every((target) => held?.includes(target) ?? true)) return true
    if (rule === undefined && ofClient.length > 0)
      throw new ProtocolError('invalid_target', 'exchange_target_not_allowed', {
        description:
          targets.length > 0 ? 'This exchange is for other targets' : "Name the 'resource' that this exchange is for",
      })
    if (rule === undefined) return false
    return {
      ...(rule.delegation !== undefined && { delegation: rule.delegation }),
      ...(rule.mayAct !== undefined && { mayAct: { sub: rule.mayAct, client_id: rule.mayAct } }),
      ...(rule.scope !== undefined && { scope: scope.filter((name) => rule.scope?.includes(name)) }),
    }
  }
}

function tokenExchangeFrom(config: AssertionConfig['tokenExchange']): NonNullable<ProviderOptions['tokenExchange']> {
  const { enabled: _, allow, ...settings } = config
  return isOn(config) && { ...settings, ...(allow !== undefined && { policy: policyFrom(allow) }) }
}

/** People here go by their user name, which is all that another server can know of them. */
function trustedIssuerFrom(
  { usernameClaim: claim, ...issuer }: AssertionConfig['trustedIssuers'][number],
  { users }: Pick<Store, 'users'>,
): TrustedIssuer {
  if (claim === undefined) return issuer
  return {
    ...issuer,
    async authenticateUser(claims) {
      const name = claims[claim]
      return typeof name === 'string' ? (await users.findByUsername(name))?.id : undefined
    },
  }
}

/** The library's options of the same names. */
export function assertionOptionsFrom(
  { clientAssertions, jwtBearer, mutualTls, outgoing, tokenExchange, trustedIssuers }: AssertionConfig,
  { clientAuthorities, outgoingCa }: AssertionFiles,
  store: Pick<Store, 'users'>,
) {
  const { enabled: asserts = true, ...assertionSettings } = clientAssertions
  const { selfSigned, endpointOrigin } = mutualTls
  const { enabled: _, ...bearerSettings } = jwtBearer
  const { caFile: __, ...door } = outgoing
  return {
    clientAssertions: asserts && assertionSettings,
    mutualTls: isOn(mutualTls) && {
      ...(selfSigned !== undefined && { selfSigned }),
      ...(endpointOrigin !== undefined && { endpointOrigin }),
      ...(clientAuthorities !== undefined && { certificateAuthorities: clientAuthorities }),
    },
    trustedIssuers: trustedIssuers.map((issuer) => trustedIssuerFrom(issuer, store)),
    jwtBearer: isOn(jwtBearer) && bearerSettings,
    tokenExchange: tokenExchangeFrom(tokenExchange),
    outgoing: { ...door, ...(outgoingCa !== undefined && { ca: outgoingCa }) },
  } satisfies Partial<ProviderOptions>
}
