import {
  type DetailField,
  describedDetailType,
  type ProviderOptions,
  publicKeyAlgorithms,
  type RequestObjectsOptions,
} from 'cardea'
import { z } from 'zod'
import { noted } from './key-notes.ts'

const onOff = (about: string, fallback: string) =>
  noted(z.boolean().exactOptional(), { about, valid: 'true or false', default: fallback })

const enabled = (section: string, about: string) =>
  onOff(
    `${about} In a file \`${section}: true\` says the same.`,
    `false; true where any other key of \`${section}\` is set`,
  )

const seconds = (about: string, fallback: number, most: number) =>
  noted(z.int().min(1).max(most).exactOptional(), {
    about,
    valid: `a whole number of seconds from 1 to ${most}`,
    default: String(fallback),
  })

const name = z.string().regex(/^[\x21-\x7e]{1,200}$/)
const label = z.string().min(1).max(200)

/** One member of an authorization detail; an object has members in turn. */
const field: z.ZodType<DetailField> = z.strictObject({
  label,
  type: z.enum(['text', 'texts', 'number', 'decimal', 'boolean', 'object']),
  required: z.boolean().exactOptional(),
  values: z.array(label).min(1).exactOptional(),
  maxLength: z.int().min(1).max(2000).exactOptional(),
  mayBeLess: z.boolean().exactOptional(),
  get fields() {
    return z.record(name, field).exactOptional()
  },
})

const detailType = z.strictObject({ title: label, fields: z.record(name, field) })

/** Keys that say how clients may ask. */
export const requestSchemas = {
  pushedRequests: z
    .strictObject({
      enabled: enabled('pushedRequests', 'Clients may push their authorization requests (RFC 9126).'),
      required: onOff('Every client must push its requests.', 'false: those that are registered so'),
      redirectUriRequired: onOff(
        'A pushed request must say its `redirect_uri`, also where its client has but one.',
        'false',
      ),
      lifetime: seconds('How long a pushed request waits for the browser.', 300, 599),
    })
    .prefault({}),
  requestObjects: z
    .strictObject({
      enabled: enabled('requestObjects', 'Clients may sign their authorization requests (RFC 9101).'),
      required: onOff('Every client must sign its requests.', 'false: those that are registered so'),
      algorithms: noted(z.array(z.enum(publicKeyAlgorithms)).min(1).exactOptional(), {
        about: 'Signature algorithms of clients that registered no `request_object_signing_alg`.',
        valid: `a list of ${publicKeyAlgorithms.join(', ')}`,
        default: 'all of them',
      }),
      byReference: onOff('Signed requests may be fetched from the addresses in `request_uris` of a client.', 'true'),
      encryption: onOff('Keys are published to which clients may encrypt their signed requests.', 'false'),
      maxLifetime: seconds('How far off the end of a signed request may be.', 3600, 86_400),
      strict: onOff('Only requests of the type `oauth-authz-req+jwt`, with `nbf`.', 'false'),
      singleUse: onOff('A signed request with a `jti` is good for one answer.', 'true'),
    })
    .prefault({}),
  signedResponses: z
    .strictObject({
      enabled: enabled('signedResponses', 'Authorization responses are signed for clients that ask for it (JARM).'),
      lifetime: seconds('How long a signed response is valid.', 120, 600),
    })
    .prefault({}),
  authorizationDetails: noted(z.record(name, detailType).exactOptional(), {
    about: 'Types of `authorization_details` (RFC 9396) by name: what people are shown, and what each member may hold.',
    valid: 'a map of types, each with title and fields (as JSON in the environment)',
    default: 'none',
  }),
} as const

/** Sections of which `true` says that they are on. */
export const requestFeatures = ['pushedRequests', 'requestObjects', 'signedResponses'] as const

const requestConfig = z.strictObject(requestSchemas)

type RequestOptions = Pick<
  ProviderOptions,
  'authorizationDetails' | 'pushedRequests' | 'requestObjects' | 'signedResponses'
>

/** On when it says so, or when anything else is said of it. */
function featureFrom<Settings extends object>({
  enabled,
  ...settings
}: { readonly enabled?: boolean } & Settings): false | Omit<Settings, 'enabled'> {
  return (enabled ?? Object.keys(settings).length > 0) && settings
}

/** The library's options of the same names. */
export function requestOptionsFrom(config: z.output<typeof requestConfig>): RequestOptions {
  const types = Object.entries(config.authorizationDetails ?? {})
  const requestObjects: false | RequestObjectsOptions = featureFrom(config.requestObjects)
  return {
    pushedRequests: featureFrom(config.pushedRequests),
    requestObjects,
    signedResponses: featureFrom(config.signedResponses),
    authorizationDetails: Object.fromEntries(types.map(([type, one]) => [type, describedDetailType(type, one)])),
  }
}
