import {
  fapi2,
  mcp,
  oauth21,
  type Preset,
  type ProviderOptions,
  type Resource,
  type SenderConstraint,
  senderConstraints,
} from 'cardea'
import { z } from 'zod'
import { noted } from './key-notes.ts'

export const presetNames = ['oauth21', 'fapi2', 'fapi2-message-signing', 'mcp'] as const

/** Name of a preset, as the configuration and `cardea doctor --profile` have it. */
export type PresetName = (typeof presetNames)[number]

const onOff = (about: string, fallback = 'false') =>
  noted(z.boolean().exactOptional(), { about, valid: 'true or false', default: fallback })

const texts = (about: string, fallback: string) =>
  noted(z.array(z.string().min(1)).min(1).exactOptional(), { about, valid: 'a list of texts', default: fallback })

/** Keys that hold the whole server to a specification, and clients that are known by their documents. */
export const presetSchemas = {
  preset: noted(z.enum(presetNames).exactOptional(), {
    about:
      'Several options in one, which others may not contradict; `mcp` is for the MCP servers that `resources` lists. `cardea doctor --profile` tells what it would refuse.',
    valid: `one of ${presetNames.join(', ')}`,
    default: 'none',
  }),
  senderConstraint: noted(z.enum(senderConstraints).exactOptional(), {
    about:
      'What the presets `fapi2` and `fapi2-message-signing` bind every token to: `dpop`, a key that the client proves, or the certificate of a client that is registered so; `certificate`, that of its connection, with DPoP off; `either` of the two.',
    valid: `one of ${senderConstraints.join(', ')}`,
    default: 'dpop',
  }),
  clientDocuments: z
    .strictObject({
      enabled: onOff(
        'Clients may use the https address of a document about them as `client_id`. In a file `clientDocuments: true` says the same.',
        'false; true where any other key of `clientDocuments` is set, and with the preset mcp',
      ),
      hosts: noted(z.array(z.string().min(1)).exactOptional(), {
        about: 'Hosts of documents that count.',
        valid: 'a list of hosts such as app.example or *.example.com, with port unless it is the usual one',
        default: 'any',
      }),
      policy: z
        .strictObject({
          scope: noted(z.string().exactOptional(), {
            about: 'At most this scope, for clients that are known by a document.',
            valid: 'names of scope, space separated',
            default: 'every scope',
          }),
          grantTypes: texts('Grant types of such clients.', 'authorization_code, refresh_token'),
          applicationTypes: noted(
            z
              .array(z.enum(['web', 'native']))
              .min(1)
              .exactOptional(),
            {
              about: 'Kinds of such clients; native ones may use loopback and private-use redirect URIs.',
              valid: 'a list of web, native',
              default: 'both',
            },
          ),
          redirectHosts: texts('Hosts of https redirect URIs of such clients; *.example.com is any host below.', 'any'),
          redirectSchemes: texts(
            'Private-use schemes without a dot, such as cursor, that such clients may redirect to.',
            'none',
          ),
          resources: texts('Protected resources that such clients may have tokens for.', 'any'),
        })
        .prefault({}),
      unusedFor: noted(z.int().min(3600).max(31_536_000).exactOptional(), {
        about: 'After how long a client is forgotten when nothing that was issued to it is left.',
        valid: 'a whole number of seconds from 3600 to 31536000',
        default: '86400',
      }),
    })
    .prefault({}),
  requireS256: onOff('Every client must use PKCE with S256, whatever it is registered for.'),
  discoveryAliases: onOff('The server metadata are also at the addresses of OpenID Connect Discovery.'),
} as const

/** Sections of which `true` says that they are on. */
export const presetFeatures = ['clientDocuments'] as const

const presetConfig = z.strictObject(presetSchemas)

type PresetConfig = z.output<typeof presetConfig>

/**
 * The preset of that name.
 * @throws TypeError that names the key and what to change
 */
export function presetOf(
  name: PresetName,
  resources: readonly Resource[],
  senderConstraint: SenderConstraint | undefined,
): Preset {
  if (name === 'fapi2' || name === 'fapi2-message-signing')
    return fapi2({
      messageSigning: name === 'fapi2-message-signing',
      ...(senderConstraint !== undefined && { senderConstraint }),
    })
  if (senderConstraint !== undefined)
    throw new TypeError(`senderConstraint: belongs to the presets fapi2 and fapi2-message-signing, not to ${name}`)
  if (name === 'mcp' && resources.length === 0)
    throw new TypeError(
      'resources: the preset mcp needs its MCP servers listed here, such as [{ identifier: "https://api.example.com/mcp", name: "Notes" }]; those of `cardea resource create` come besides',
    )
  return name === 'mcp' ? mcp({ resources }) : oauth21()
}

/** Whether somebody has written that it is off, by `false`, `enabled: false` or `mode: off`. */
function isSaidToBeOff(said: unknown): boolean {
  if (typeof said !== 'object' || said === null) return said === false
  const { enabled, mode } = said as { readonly enabled?: unknown; readonly mode?: unknown }
  return enabled === false || mode === 'off'
}

/** Without what is off only because nobody has said anything: a preset would take that for a contradiction. */
const saidOnly = (options: ProviderOptions, config: object): ProviderOptions =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => value !== false || isSaidToBeOff((config as Readonly<Record<string, unknown>>)[name]),
    ),
  ) as unknown as ProviderOptions

/**
 * The options with the keys of this file, and with what the preset leaves to itself.
 * @throws TypeError that names the key and what to change
 */
export function withPreset(options: ProviderOptions, config: PresetConfig): ProviderOptions {
  const { clientDocuments, discoveryAliases, preset, requireS256, senderConstraint } = config
  const { enabled, policy, ...others } = clientDocuments
  const documents = { ...others, ...(Object.keys(policy).length > 0 && { policy }) }
  const isOn = enabled ?? Object.keys(documents).length > 0
  const all: ProviderOptions = {
    ...options,
    ...(requireS256 !== undefined && { requireS256 }),
    ...(discoveryAliases !== undefined && { discoveryAliases }),
    ...(isOn && { clientDocuments: documents }),
  }
  if (preset === undefined) {
    if (senderConstraint !== undefined)
      throw new TypeError('senderConstraint: belongs to the presets fapi2 and fapi2-message-signing, and none is set')
    return all
  }
  const decided = saidOnly(all, config)
  return {
    ...decided,
    ...(enabled === false && { clientDocuments: false }),
    preset: presetOf(preset, options.resources ?? [], senderConstraint),
  }
}
