import type { Client } from '../core/model/client.ts'
import type { Interaction } from '../core/model/interaction.ts'
import type { Engine } from '../core/ports/engine.ts'
import { redirectHost } from '../core/rules/redirect-uri.ts'
import { describedResource } from '../core/tokens/token-rules.ts'
import { type HttpResponse, seeOther } from '../http/response.ts'
import type { SignedIn } from './browser.ts'
import { detailDescriptions } from './detail-descriptions.ts'
import { type FormContext, formProof } from './form-proof.ts'
import { formTargetsFor } from './form-targets.ts'
import type { ConsentResource } from './pages/consent.ts'
import type { ConsentDevice } from './pages/consent-device.ts'
import type { Present } from './presenter.ts'

export interface SignInOptions {
  readonly problem?: 'wrong_credentials' | 'too_many_attempts' | 'form_expired'
  readonly username?: string
  /** Seconds. */
  readonly retryAfter?: number
}

export interface ConsentOptions {
  readonly problem?: 'nothing_chosen'
  readonly status?: number
  readonly device?: ConsentDevice
}

/** The pages of an interaction, from the records it is made of. */
export interface InteractionViews {
  formContext(interaction: Interaction, signedIn: SignedIn | undefined): FormContext
  signIn(interaction: Interaction, client: Client, options?: SignInOptions): HttpResponse
  consent(interaction: Interaction, client: Client, signedIn: SignedIn, options?: ConsentOptions): Promise<HttpResponse>
  answered(): HttpResponse
  /** Back to the interaction, to take its next step. */
  again(interaction: Interaction, cookie: string): HttpResponse
}

const statusOf = { wrong_credentials: 400, too_many_attempts: 429, form_expired: 403 } as const

/** Only what fits into a field: whatever was typed is shown again. */
const shown = (username: string): string => username.slice(0, 254)

/** RFC 8707 §2.1: the name is the operator's, the identifier says where it really is. */
async function resourcesOf(engine: Engine, { facts }: Interaction): Promise<readonly ConsentResource[]> {
  if (facts?.resources === undefined) return []
  const known = await engine.resources.all()
  return facts.resources.map((identifier) => ({ identifier, name: describedResource(known, identifier).name }))
}

export const displayName = ({ user }: SignedIn): string => user.name ?? user.username

export function interactionViews(engine: Engine, path: string, present: Present): InteractionViews {
  const actionOf = (interaction: Interaction): string => `${path}/${interaction.id}`
  const formContext = (interaction: Interaction, signedIn: SignedIn | undefined): FormContext => ({
    subject: interaction.id,
    browser: interaction.browser,
    session: signedIn?.session.digest,
  })
  return {
    formContext,
    signIn(interaction, client, { problem, username = '', retryAfter } = {}) {
      const view = {
        client: { name: client.client_name },
        action: actionOf(interaction),
        cancelAction: actionOf(interaction),
        csrf: formProof(engine, formContext(interaction, undefined)),
        username: shown(username),
        problem,
        ...(retryAfter !== undefined && { retryAfterMinutes: Math.ceil(retryAfter / 60) }),
      }
      return present('signIn', view, {
        status: problem === undefined ? 200 : statusOf[problem],
        ...formTargetsFor(interaction.redirectUri),
        ...(retryAfter !== undefined && { retryAfter }),
      })
    },
    async consent(interaction, client, signedIn, { device, problem, status = 200 } = {}) {
      const known = await engine.store.scopes.all()
      const resources = await resourcesOf(engine, interaction)
      const view = {
        action: actionOf(interaction),
        // A device is answered by whoever entered its code: its page lets people switch before that.
        ...(device === undefined ? { switchAccountAction: actionOf(interaction) } : { device }),
        csrf: formProof(engine, formContext(interaction, signedIn)),
        client: {
          id: client.client_id,
          name: client.client_name,
          ...(client.client_uri !== undefined && { uri: client.client_uri }),
          ...(client.policy_uri !== undefined && { policyUri: client.policy_uri }),
          ...(client.tos_uri !== undefined && { tosUri: client.tos_uri }),
          ...(client.unapproved && { unapproved: true }),
        },
        redirectHost: redirectHost(interaction.redirectUri),
        user: { displayName: displayName(signedIn) },
        scopes: interaction.scope.map((name) => ({
          name,
          description: known.find((scope) => scope.name === name)?.description ?? name,
          checked: problem === undefined,
        })),
        ...(resources.length > 0 && { resources }),
        details: await detailDescriptions(engine, client, interaction.facts),
        problem,
      }
      return present('consent', view, { status, ...formTargetsFor(interaction.redirectUri) })
    },
    answered: () => present('answered', {}, { status: 410 }),
    again: (interaction, cookie) => seeOther(actionOf(interaction), { 'set-cookie': cookie }),
  }
}
