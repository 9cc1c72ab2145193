import { type Client, mayUseGrantType } from '../../core/model/client.ts'
import type { DeviceFacts, DeviceRequest } from '../../core/model/device-request.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { GrantFacts } from '../../core/model/grant-facts.ts'
import type { Interaction } from '../../core/model/interaction.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { covers, mayHaveScope } from '../../core/rules/scope.ts'
import { accessDenied, invalidRequest } from '../../core/spec/errors.ts'
import { requirements } from '../../core/tokens/requirements.ts'
import { networkOf } from '../../http/network.ts'
import type { HttpResponse } from '../../http/response.ts'
import type { InteractionRequest } from '../../interaction/begin.ts'
import { type SignedIn, sessionIdOf } from '../../interaction/browser.ts'
import type { DeviceDoneView } from '../../interaction/pages/device-done.ts'
import type { Present } from '../../interaction/presenter.ts'
import type { InteractionProtocol } from '../../interaction/protocol.ts'
import { factsOfSession } from '../authorize/sign-in-facts.ts'
import { isAllUsable } from '../rich-authorization/usable-details.ts'
import { deviceCodeGrantType } from './device-code-grant.ts'

const protocolName = 'device'
const sealedAs = 'device interaction'

function granted({ requestedFrom: _, ...facts }: DeviceFacts): GrantFacts | undefined {
  return Object.keys(facts).length === 0 ? undefined : facts
}

/** What a person is asked who has entered a code. */
export function deviceAsked(engine: Engine, device: DeviceRequest, userCode: string): InteractionRequest {
  const facts = granted(device.facts ?? {})
  return {
    protocol: protocolName,
    clientId: device.clientId,
    scope: device.scope,
    ...(facts !== undefined && { facts }),
    redirectUri: 'device',
    freshSignIn: false,
    // Whoever starts a device chooses what is asked, of whom, and when: an answer is never given silently (RFC 8628 §5.4).
    askConsent: true,
    request: { digest: device.digest, user_code: engine.keyring.seal(sealedAs, userCode) },
  }
}

const digestOfRequest = ({ request }: Interaction): TokenDigest => request.digest as TokenDigest

const notOpen = () =>
  invalidRequest(
    'device_code_not_open',
    'This code has expired, or was answered already. Start again on your device, which then shows a new code',
  )

const claimedByAnother = () =>
  accessDenied(
    'device_claimed_by_another',
    'This code was entered with another account before, and only that account can answer. Start again on your device, which then shows a new code',
  )

function approvedFacts({ facts }: Interaction, { session }: SignedIn): { readonly facts?: GrantFacts } {
  const known = { ...factsOfSession(session), ...facts }
  return Object.keys(known).length === 0 ? {} : { facts: known }
}

/** How a device is answered once the person has decided (RFC 8628 §3.3). */
export function deviceInteraction(engine: Engine, present: Present): InteractionProtocol {
  const { clock, keyring, store } = engine
  const openRequest = async (interaction: Interaction): Promise<DeviceRequest> => {
    const device = await store.deviceRequests.find(digestOfRequest(interaction))
    const isOpen = device !== undefined && device.approval === undefined && device.deniedAt === undefined
    if (!isOpen || clock.now() >= device.expiresAt) throw notOpen()
    return device
  }
  const done = async ({ clientId }: Interaction, outcome: DeviceDoneView['outcome']): Promise<HttpResponse> => {
    const client = await store.clients.find(clientId)
    return present('deviceDone', { client: { name: client?.client_name ?? clientId }, outcome })
  }
  return {
    name: protocolName,
    async stands(interaction: Interaction, client: Client) {
      await openRequest(interaction)
      const { facts, scope } = interaction
      return (
        mayUseGrantType(client, deviceCodeGrantType) &&
        isAllUsable(engine, client, facts) &&
        mayHaveScope(client, await store.scopes.all(), scope)
      )
    },
    async admit(interaction, { user }) {
      if (!(await store.deviceRequests.claim(digestOfRequest(interaction), user.id))) throw claimedByAnother()
    },
    async device(interaction, { remoteAddress }) {
      const { createdAt, facts } = await openRequest(interaction)
      const from = facts?.requestedFrom
      return {
        userCode: keyring.open(sealedAs, interaction.request.user_code ?? '') ?? '',
        minutesAgo: Math.floor((clock.now() - createdAt) / 60),
        requestedFrom: from,
        otherNetwork: from !== undefined && remoteAddress !== undefined && from !== networkOf(remoteAddress),
      }
    },
    async granted(interaction, by, scope) {
      if (!covers(interaction.scope, scope)) throw new TypeError('granted scope exceeds the interaction')
      const { clientId, id } = interaction
      const userId = by.user.id
      const at = clock.now()
      // No consent is remembered: what was allowed to a device must not let the client in silently elsewhere.
      const outcome = await store.ledger.commit({
        at,
        spend: { kind: 'interaction', id },
        approveDevice: {
          digest: digestOfRequest(interaction),
          approval: { userId, scope, ...sessionIdOf(by), ...approvedFacts(interaction, by) },
        },
        ...requirements(engine, clientId, userId),
      })
      if (outcome === 'spent') return undefined
      if (outcome === 'revoked') {
        await store.interactions.take(id, at)
        throw accessDenied('account_or_client_gone', 'The account or the application is no longer active')
      }
      await engine.emit({ type: 'device_approved', clientId, userId, scope })
      return done(interaction, 'allowed')
    },
    async decline(interaction, by) {
      // Nobody has signed in: whoever merely knows the code must not end what its owner is about to allow.
      if (by === undefined) return
      if (!(await store.deviceRequests.deny(digestOfRequest(interaction), by.user.id, clock.now()))) throw notOpen()
    },
    async denied(interaction, by) {
      if (by === undefined) return done(interaction, 'left')
      await engine.emit({ type: 'device_denied', clientId: interaction.clientId, userId: by.user.id })
      return done(interaction, 'denied')
    },
  }
}
