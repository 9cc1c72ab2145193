import type { Interaction } from '../core/model/interaction.ts'
import type { HttpResponse } from '../http/response.ts'
import type { SignedIn } from './browser.ts'

/** What a protocol family does once the person has answered. It takes the interaction in the same step as it grants. */
export interface InteractionProtocol {
  /** Value of `Interaction.protocol`. */
  readonly name: string
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
  /** The person declined, and the interaction is taken. */
  denied(interaction: Interaction): HttpResponse
}
