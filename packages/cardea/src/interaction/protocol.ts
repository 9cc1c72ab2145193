import type { Client } from '../core/model/client.ts'
import type { Interaction } from '../core/model/interaction.ts'
import type { WantedSignIn } from '../core/model/wanted-sign-in.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import type { SignedIn } from './browser.ts'
import type { ConsentDevice } from './pages/consent-device.ts'

/** What a protocol family does once the person has answered. It takes the interaction in the same step as it grants. */
export interface InteractionProtocol {
  /** Value of `Interaction.protocol`. */
  readonly name: string
  /**
   * Whether the client, as it is registered now, could still ask for this. What was taken from it while the person was
   * deciding, a redirect URI above all, must not be used any more, not even to tell it of a refusal.
   * @throws ProtocolError with words of its own for the person
   */
  stands(interaction: Interaction, client: Client): Promise<boolean>
  /**
   * Whoever is signed in is about to see or answer it. Absent: everybody may in the browser that began it.
   * @throws ProtocolError for somebody who may not
   */
  admit?(interaction: Interaction, by: SignedIn): Promise<void>
  /** The device that waits for the answer, where it is not the browser that is sent back. */
  device?(interaction: Interaction, request: HttpRequest): Promise<ConsentDevice>
  /** What the request wants of the sign-in. Absent: nothing. */
  wanted?(interaction: Interaction): WantedSignIn
  /** Whether a sign-in from before the request, of which more was wanted, has become enough. Absent: it never does. */
  steppedUp?(interaction: Interaction, by: SignedIn): boolean
  /**
   * The person allowed these scopes; `remember` is what their consent now covers, absent when they were not asked.
   * Undefined: the interaction was taken before.
   */
  granted(
    interaction: Interaction,
    by: SignedIn,
    scope: readonly string[],
    remember?: readonly string[],
  ): Promise<HttpResponse | undefined>
  /**
   * The person declines: what else ends with that, before the interaction is taken, so that a refusal that could not be
   * stored can be sent again.
   * @throws ProtocolError where it was answered before
   */
  decline?(interaction: Interaction, by?: SignedIn): Promise<void>
  /** The person declined, and the interaction is taken. `by` is absent where nobody has signed in. */
  denied(interaction: Interaction, by?: SignedIn): HttpResponse | Promise<HttpResponse>
}
