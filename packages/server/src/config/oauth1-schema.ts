import type { ProviderOptions } from 'cardea'
import { defaultOAuth1Settings } from 'cardea'
import { z } from 'zod'
import { signatureMethodNames } from '../load/rows.ts'
import { noted } from './key-notes.ts'

const whole = (about: string, fallback: number, min: number, max: number, unit = 'a whole number') =>
  noted(z.int().min(min).max(max).exactOptional(), {
    about,
    valid: `${unit} from ${min} to ${max}`,
    default: String(fallback),
  })

const seconds = (about: string, fallback: number, min: number, max: number) =>
  whole(about, fallback, min, max, 'a whole number of seconds')

const day = 86_400
const defaults = defaultOAuth1Settings

/** Section `oauth1`; `oauth1: true` stands for `oauth1: { enabled: true }`. */
export const oauth1Schema = z.strictObject({
  enabled: noted(z.boolean().exactOptional(), {
    about: 'OAuth 1.0a is spoken, beside OAuth 2. In a file `oauth1: true` says the same.',
    valid: 'true or false',
    default: 'false; true where any other key of `oauth1` is set',
  }),
  signatureMethods: noted(z.array(z.enum(signatureMethodNames)).min(1).exactOptional(), {
    about: 'Signature methods that are on.',
    valid: `a list of ${signatureMethodNames.join(', ')}`,
    default: defaults.signatureMethods.join(', '),
  }),
  timestampWindow: z
    .strictObject({
      past: seconds('How far the clock of a client may be behind.', defaults.timestampWindow.past, 1, day),
      future: seconds('How far the clock of a client may be ahead.', defaults.timestampWindow.future, 1, day),
    })
    .exactOptional(),
  temporaryCredential: seconds('Lifetime of temporary credentials.', defaults.temporaryCredential, 30, day),
  tokenCredential: seconds('Lifetime of token credentials; 0: they do not expire.', 0, 0, 315_360_000),
  tokenLength: whole('Characters of `oauth_token`.', defaults.tokenLength, 22, 200),
  secretLength: whole('Characters of `oauth_token_secret`.', defaults.secretLength, 22, 200),
  pinLength: whole('Characters of a verifier that people type in (`oob`).', defaults.pinLength, 6, 32),
  verifierAttempts: whole(
    'Wrong verifiers after which a temporary credential is gone.',
    defaults.verifierAttempts,
    1,
    1000,
  ),
  allowInsecureTransport: noted(z.boolean().exactOptional(), {
    about: 'Accepts requests without TLS. For development on loopback; elsewhere `serve` refuses to start with it.',
    valid: 'true or false',
    default: 'false',
  }),
  origins: noted(z.array(z.string().min(1)).exactOptional(), {
    about: "Origins that clients sign for, besides the issuer's own.",
    valid: 'a list of origins such as https://api.example.com',
    default: 'none',
  }),
  verificationsPerMinute: whole('Verifications one resource server may ask for a minute.', 6000, 1, 10_000_000),
  exchange: z
    .strictObject({
      use: noted(z.enum(['off', 'once', 'repeatedly']).exactOptional(), {
        about: 'How often a token credential can be exchanged for tokens of OAuth 2.',
        valid: 'off, once or repeatedly',
        default: 'repeatedly',
      }),
      credential: noted(z.enum(['keep', 'revoke']).exactOptional(), {
        about: 'What an exchange does to the credential of OAuth 1.',
        valid: 'keep or revoke',
        default: 'keep',
      }),
    })
    .exactOptional(),
})

export type OAuth1Config = z.output<typeof oauth1Schema>

/** On when it says so, or when anything else is said of it: settings of what is off would be a mistake. */
export const speaksOAuth1 = ({ enabled, ...others }: OAuth1Config): boolean => enabled ?? Object.keys(others).length > 0

/** The library's option of the same name. */
export function oauth1OptionFrom(config: OAuth1Config): NonNullable<ProviderOptions['oauth1']> {
  if (!speaksOAuth1(config)) return false
  const { enabled: _, exchange = {}, timestampWindow, ...settings } = config
  return {
    ...settings,
    ...(timestampWindow !== undefined && {
      timestampWindow: { ...defaults.timestampWindow, ...timestampWindow },
    }),
    exchange:
      exchange.use === 'off'
        ? false
        : { repeatedly: exchange.use !== 'once', revokes: exchange.credential === 'revoke' },
  }
}

/** The signature methods that are on. */
export const signatureMethodsOf = ({ signatureMethods }: OAuth1Config): readonly string[] =>
  signatureMethods ?? defaults.signatureMethods
