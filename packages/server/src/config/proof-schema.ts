import { type ProviderOptions, publicKeyAlgorithms } from 'cardea'
import { z } from 'zod'
import { noted } from './key-notes.ts'

const onOff = (about: string, fallback: string) =>
  noted(z.boolean().exactOptional(), { about, valid: 'true or false', default: fallback })

const seconds = (about: string, fallback: number, least: number) =>
  noted(z.int().min(least).max(3600).exactOptional(), {
    about,
    valid: `a whole number of seconds from ${least} to 3600`,
    default: String(fallback),
  })

/** Keys that say what tokens are bound to, and what they tell of the sign-in. */
export const proofSchemas = {
  dpop: z
    .strictObject({
      enabled: onOff(
        'Tokens can be bound to keys that clients prove to hold (RFC 9449). In a file `dpop: true` says the same.',
        'false; true where any other key of `dpop` is set',
      ),
      required: onOff('Every client must prove a key.', 'false: those that are registered so, and those that do'),
      algorithms: noted(z.array(z.enum(publicKeyAlgorithms)).min(1).exactOptional(), {
        about: 'Signature algorithms of proofs.',
        valid: `a list of ${publicKeyAlgorithms.join(', ')}`,
        default: 'all of them',
      }),
      maxAge: seconds('How old a proof may be.', 300, 1),
      nonce: noted(z.enum(['off', 'required']).exactOptional(), {
        about: 'Whether proofs need a nonce of the server, which the first refusal tells.',
        valid: 'off or required',
        default: 'off',
      }),
      nonceLifetime: seconds('How long a nonce is handed out; it holds as long again.', 300, 10),
    })
    .prefault({}),
  certificateBoundTokens: noted(z.union([z.boolean(), z.literal('required')]).exactOptional(), {
    about:
      'The metadata says that tokens can be bound to certificates (RFC 8705); clients that are registered so get them anyway. `required`: every client that proves no key by DPoP needs a certificate.',
    valid: 'true, false or required',
    default: 'true where `mutualTls` is on',
  }),
  acrValues: noted(
    z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
      .min(1)
      .exactOptional(),
    {
      about:
        'Classes that a sign-in by password counts as (RFC 9470, `acr_values` of OpenID Connect), best first: it is of the first one that the request wants, or else of the first. Requests that want none of them are answered with `unmet_authentication_requirements`.',
      valid: 'a list of names without blanks such as urn:example:password',
      default: 'none, and requests are not held to any',
    },
  ),
  tellSignIn: onOff(
    'Tokens and introspection tell when the user signed in (RFC 9470), also where the request did not ask by `max_age`.',
    'false',
  ),
} as const

/** Sections of which `true` says that they are on. */
export const proofFeatures = ['dpop'] as const

const proofConfig = z.strictObject(proofSchemas)

/** The library's options of the same names. */
export function proofOptionsFrom({
  dpop: { enabled, ...dpop },
  certificateBoundTokens,
  tellSignIn = false,
  acrValues,
}: z.output<typeof proofConfig>): Pick<
  ProviderOptions,
  'acrValues' | 'certificateBoundTokens' | 'dpop' | 'tellSignIn'
> {
  return {
    dpop: (enabled ?? Object.keys(dpop).length > 0) && dpop,
    tellSignIn,
    ...(certificateBoundTokens !== undefined && { certificateBoundTokens }),
    ...(acrValues !== undefined && { acrValues }),
  }
}
