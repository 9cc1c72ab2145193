import type { Client } from '../../core/model/client.ts'
import { shown } from '../../core/spec/shown.ts'
import type { RegistrationPolicy } from '../registration/registration-options.ts'
import { schemesMustBeOfApps } from '../registration/registration-settings.ts'
import { isHostPattern } from './document-url.ts'

/** What a document about a client says, before anybody is asked about the client. */
export interface ProposedDocument {
  /** As it would be kept. */
  readonly client: Client
  /** As it is kept, where it was read before. */
  readonly before?: Client
  /** Everything that stands in the document. */
  readonly document: Readonly<Record<string, unknown>>
}

/** Clients that are known by the address of a document about them (OAuth Client ID Metadata Document, draft 00). */
export interface ClientDocumentsOptions {
  /** Hosts of documents that count, with port unless it is the usual one; `*.example.com` is any host below. Default: any. */
  readonly hosts?: readonly string[]
  /** What such clients may have. Default: as registration has it. */
  readonly policy?: Pick<
    RegistrationPolicy,
    'scope' | 'grantTypes' | 'applicationTypes' | 'redirectHosts' | 'redirectSchemes' | 'resources'
  >
  /** Seconds after which a client is forgotten when nothing that was issued to it is left. Default 86400. */
  readonly unusedFor?: number
  /**
   * Whether the client is trusted: false refuses it, `approved` answers for it, so that errors are redirected to it as to any
   * other and consent can be remembered. Default: nobody answers for any, and a person is asked each time.
   */
  approve?(proposed: ProposedDocument): DocumentApproval | Promise<DocumentApproval>
}

/** What the host says of a client that came with a document. */
export type DocumentApproval = boolean | { readonly approved: boolean }

/** The options, checked, with defaults filled in. */
export interface ClientDocumentsSettings extends Pick<ClientDocumentsOptions, 'hosts' | 'approve'> {
  readonly policy: RegistrationPolicy
  readonly unusedFor: number
}

const names: readonly (keyof ClientDocumentsOptions)[] = ['hosts', 'policy', 'unusedFor', 'approve']
const policyNames = ['scope', 'grantTypes', 'applicationTypes', 'redirectHosts', 'redirectSchemes', 'resources']

function mustBeKnown(where: string, given: object, valid: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !valid.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`${where}: there is no ${shown(unknown)}; valid are ${valid.join(', ')}`)
}

/**
 * @param authMethods by which clients with keys can prove themselves here
 * @throws TypeError that names the option, what it got and what is valid
 */
export function clientDocumentsSettings(
  given: true | ClientDocumentsOptions,
  authMethods: readonly string[],
): ClientDocumentsSettings {
  const options = given === true ? {} : given
  const { hosts, policy = {}, unusedFor = 86_400, approve } = options
  mustBeKnown('clientDocuments', options, names)
  mustBeKnown('clientDocuments.policy', policy, policyNames)
  schemesMustBeOfApps('clientDocuments.policy', policy.redirectSchemes)
  const wrong = hosts?.find((host) => !isHostPattern(host))
  if (wrong !== undefined)
    throw new TypeError(`clientDocuments.hosts: must be like app.example or *.example.com, got ${shown(wrong)}`)
  if (!Number.isInteger(unusedFor) || unusedFor < 3600)
    throw new TypeError(`clientDocuments.unusedFor: must be whole seconds from 3600, got ${shown(unusedFor)}`)
  if (approve !== undefined && typeof approve !== 'function')
    throw new TypeError('clientDocuments.approve: must be a function')
  return {
    ...(hosts !== undefined && { hosts }),
    ...(approve !== undefined && { approve }),
    unusedFor,
    policy: { ...policy, authMethods: ['none', ...authMethods] },
  }
}
