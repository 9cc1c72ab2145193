import type { Interactions } from '../../core/ports/interactions.ts'
import { insertNew } from './insert-new.ts'
import type { Tables } from './tables.ts'

/** Marks the interaction as answered; false where it was answered before or is not there. */
export function takeInteraction(tables: Tables, id: string, at: number): boolean {
  const interaction = tables.interactions.get(id)
  if (interaction === undefined || interaction.takenAt !== undefined) return false
  tables.interactions.set(id, { ...interaction, takenAt: at })
  return true
}

export const memoryInteractions = (tables: Tables): Interactions => ({
  async save(interaction) {
    insertNew(tables.interactions, interaction.id, interaction)
  },
  async find(id) {
    return tables.interactions.get(id)
  },
  async take(id, at) {
    return takeInteraction(tables, id, at)
  },
})
