import { defaultPaths, errorStatus, type PathName, profiles } from 'cardea'
import { z } from 'zod'
import { noted } from './key-notes.ts'

/** What the library takes, except where the server itself answers. */
const path = z.string().regex(/^(?!\/(?:health|\.well-known)(?:\/|$))(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/)

const endpointNames: Readonly<Record<PathName, string>> = {
  authorize: 'Authorization endpoint',
  token: 'Token endpoint',
  revoke: 'Revocation endpoint',
  introspect: 'Introspection endpoint',
  registration: 'Client registration endpoint, and below it the registered clients',
  jwks: 'Public keys that verify what the server signs',
  pushedRequest: 'Pushed authorization requests',
  deviceAuthorization: 'Codes for devices',
  device: 'Page at which people enter the code of a device',
  interaction: 'Below it: the pages for signing in and answering',
  signOut: 'Page for signing out',
  formPostScript: 'Script of the response mode `form_post`',
  oauth1Initiate: 'Temporary credentials of OAuth 1',
  oauth1Authorize: 'Authorization of OAuth 1',
  oauth1Token: 'Token credentials of OAuth 1',
  oauth1Verify: 'Verification of OAuth 1 requests for resource servers',
}

const pathsOf = (name: PathName) =>
  noted(z.array(path).min(1).exactOptional(), {
    about: `${endpointNames[name]}, below the issuer; the first is the one that metadata and pages name.`,
    valid:
      'a list of paths such as /token: letters, digits and -._~, no slash at the end, not below /health or /.well-known',
    default: defaultPaths[name].join(', '),
  })

type PathSchemas = { [Name in PathName]: ReturnType<typeof pathsOf> }

/** Section `paths`; in a file one path may stand without its list. */
export const pathsSchema = z.strictObject(
  Object.fromEntries((Object.keys(defaultPaths) as PathName[]).map((name) => [name, pathsOf(name)])) as PathSchemas,
)

interface Endpoints {
  readonly paths: z.output<typeof pathsSchema>
  readonly profile?: keyof typeof profiles
}

/** Paths that two endpoints would answer at: whichever came first would take the requests of the other. */
export function pathProblems({ paths, profile }: Endpoints): string[] {
  const chosen = { ...defaultPaths, ...(profile !== undefined && profiles[profile].paths), ...paths }
  const holders = new Map<string, string>()
  return Object.entries(chosen).flatMap(([name, list]) =>
    list.flatMap((one) => {
      const holder = holders.get(one)
      holders.set(one, name)
      return holder === undefined
        ? []
        : [`paths.${name}: got ${JSON.stringify(one)}, which paths.${holder} has; give it another`]
    }),
  )
}

// RFC 6749 §5.2, without the characters that would end the quoted string of a challenge.
const isErrorUri = (uri: string): boolean => /^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(uri) && URL.canParse(uri)

export const errorUrisSchema = noted(
  z
    .record(z.string(), z.string())
    .superRefine((uris, context) => {
      for (const [code, uri] of Object.entries(uris)) {
        const isCode = Object.hasOwn(errorStatus, code)
        if (isCode && isErrorUri(uri)) continue
        const message = isCode
          ? 'must be an http or https URL of ASCII characters'
          : `must stand under an error code: ${Object.keys(errorStatus).join(', ')}`
        context.addIssue({ code: 'custom', path: [code], message })
      }
    })
    .exactOptional(),
  {
    about: 'Pages that explain an error to the developers of a client, by error code: sent as `error_uri`.',
    valid:
      'a map of error codes and URLs such as { invalid_grant: https://example.com/help } (as JSON in the environment)',
    default: 'none',
  },
)
