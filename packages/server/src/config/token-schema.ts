import { isResourceIdentifier, type ProviderOptions, publicKeyAlgorithms, serverAlgorithms } from 'cardea'
import { z } from 'zod'
import { resourceFrom } from '../load/from-row.ts'
import { resourceRow } from '../load/rows.ts'
import { noted } from './key-notes.ts'

/** Keys that say how access tokens look and what they are for. */
export const tokenSchemas = {
  accessTokenFormat: noted(z.enum(['opaque', 'jwt']).exactOptional(), {
    about: 'How access tokens look whose resource does not say; `jwt` is RFC 9068.',
    valid: 'opaque or jwt',
    default: 'opaque',
  }),
  defaultResource: noted(z.string().refine(isResourceIdentifier).exactOptional(), {
    about: 'What tokens are for where a request names no `resource` (RFC 8707).',
    valid: 'an absolute URI without fragment such as https://api.example.com',
    default: 'none: whoever takes our tokens',
  }),
  describedResources: noted(z.array(z.string().refine(isResourceIdentifier)).exactOptional(), {
    about:
      "Protected resources at the issuer's origin whose metadata (RFC 9728) this server answers with, because they do not do so themselves.",
    valid: 'a list of addresses such as https://auth.example.com/notes',
    default: 'none; with the preset mcp those of `resources`',
  }),
  resources: noted(z.array(resourceRow).default([]), {
    about: 'Protected resources, besides those of `cardea resource`; of two of one name these count.',
    valid: 'a list of resources (as JSON in the environment)',
  }),
  signatureAlgorithms: noted(z.array(z.enum(publicKeyAlgorithms)).min(1).exactOptional(), {
    about:
      'What JWTs may be signed with, by clients, other issuers and the server, whatever a client or resource is registered for.',
    valid: `a list of ${publicKeyAlgorithms.join(', ')}, with that of \`signingKeys\` among them`,
    default: 'every algorithm there is, those with a client secret included; what the preset says',
  }),
  signingKeys: z
    .strictObject({
      algorithm: noted(z.enum(serverAlgorithms).exactOptional(), {
        about: 'Algorithm of the keys that sign, where no resource or client names another.',
        valid: `one of ${serverAlgorithms.join(', ')}`,
        default: 'ES256',
      }),
      rotateEvery: noted(z.int().min(3600).max(315_360_000).exactOptional(), {
        about: 'After how long a signing key is replaced by itself.',
        valid: 'a whole number of seconds from 3600 to 315360000',
        default: 'never: only by `cardea key rotate`',
      }),
    })
    .prefault({}),
} as const

const tokenConfig = z.strictObject(tokenSchemas)

/** Nothing would be served for those elsewhere. @throws TypeError that names the key and what to change */
function mustBeHere(identifiers: readonly string[], issuer: string): void {
  const { origin } = new URL(issuer)
  const elsewhere = identifiers.find((identifier) => URL.parse(identifier)?.origin !== origin)
  if (elsewhere !== undefined)
    throw new TypeError(
      `describedResources: ${elsewhere} is not at ${origin}; serve its metadata there, or leave it out`,
    )
}

/**
 * The library's options of the same names.
 * @throws TypeError that names the key and what to change
 */
export function tokenOptionsFrom({
  accessTokenFormat,
  defaultResource,
  describedResources,
  issuer,
  resources,
  signatureAlgorithms,
  signingKeys,
}: z.output<typeof tokenConfig> & { readonly issuer: string }): Pick<
  ProviderOptions,
  'accessTokenFormat' | 'defaultResource' | 'describedResources' | 'resources' | 'signatureAlgorithms' | 'signingKeys'
> {
  if (describedResources !== undefined) mustBeHere(describedResources, issuer)
  return {
    resources: resources.map(resourceFrom),
    signingKeys,
    ...(signatureAlgorithms !== undefined && { signatureAlgorithms }),
    ...(accessTokenFormat !== undefined && { accessTokenFormat }),
    ...(defaultResource !== undefined && { defaultResource }),
    ...(describedResources !== undefined && { describedResources }),
  }
}
