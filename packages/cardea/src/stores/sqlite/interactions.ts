import type { TokenDigest } from '../../core/model/digest.ts'
import type { Interaction } from '../../core/model/interaction.ts'
import type { Interactions } from '../../core/ports/interactions.ts'
import type { Database } from './database.ts'
import { type Draft, factsFrom, factsText, scopeList, scopeText } from './row-values.ts'

interface InteractionRow {
  readonly id: string
  readonly browser: TokenDigest
  readonly protocol: string
  readonly client_id: string
  readonly scope: string
  readonly facts: string | null
  readonly redirect_uri: string
  readonly fresh_sign_in: number
  readonly stale_session: TokenDigest | null
  readonly ask_consent: number
  readonly request: string
  readonly created_at: number
  readonly expires_at: number
  readonly taken_at: number | null
}

function interactionFrom(row: InteractionRow): Interaction {
  const interaction: Draft<Interaction> = {
    id: row.id,
    browser: row.browser,
    protocol: row.protocol,
    clientId: row.client_id,
    scope: scopeList(row.scope),
    redirectUri: row.redirect_uri,
    freshSignIn: row.fresh_sign_in === 1,
    askConsent: row.ask_consent === 1,
    request: JSON.parse(row.request),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
  if (row.facts !== null) interaction.facts = factsFrom(row.facts)
  if (row.stale_session !== null) interaction.staleSession = row.stale_session
  if (row.taken_at !== null) interaction.takenAt = row.taken_at
  return interaction
}

export const takeInteraction = 'UPDATE interactions SET taken_at = ? WHERE id = ? AND taken_at IS NULL'

export function sqliteInteractions(db: Database): Interactions {
  const find = db.prepare<InteractionRow>('SELECT * FROM interactions WHERE id = ?')
  const take = db.prepare(takeInteraction)
  const insert = db.prepare(
    `INSERT INTO interactions (id, browser, protocol, client_id, scope, redirect_uri, fresh_sign_in, stale_session,
       ask_consent, request, created_at, expires_at, taken_at, facts)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const save = (interaction: Interaction): void => {
    insert.run(
      interaction.id,
      interaction.browser,
      interaction.protocol,
      interaction.clientId,
      scopeText(interaction.scope),
      interaction.redirectUri,
      interaction.freshSignIn ? 1 : 0,
      interaction.staleSession ?? null,
      interaction.askConsent ? 1 : 0,
      JSON.stringify(interaction.request),
      interaction.createdAt,
      interaction.expiresAt,
      interaction.takenAt ?? null,
      factsText(interaction.facts),
    )
  }
  return {
    save: (interaction) => db.write(() => save(interaction)),
    find: (id) =>
      db.read(() => {
        const row = find.get(id)
        return row === undefined ? undefined : interactionFrom(row)
      }),
    take: (id, at) => db.write(() => take.run(at, id).changes > 0),
  }
}
