import type { Interaction } from '../model/interaction.ts'

/** Authorization requests that wait for a person. */
export interface Interactions {
  /** Keeps a request until a person has answered it. */
  save(interaction: Interaction): Promise<void>
  /** Also finds a taken one until it expires. */
  find(id: string): Promise<Interaction | undefined>
  /** Atomic: of any number of concurrent callers exactly one gets `true`, ever. Used where nothing is bought with it. */
  take(id: string, at: number): Promise<boolean>
}
