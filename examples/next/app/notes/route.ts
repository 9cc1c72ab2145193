import type { NextRequest } from 'next/server.js'
import { requireOAuth } from '../../oauth.ts'

const notes = new Map<string, string[]>()

// Either scope lets a reader in; only one lets a writer in.
export const GET = requireOAuth(['notes:read', 'notes:write'], (_request, { oauth: { userId = '' } }) =>
  Response.json(notes.get(userId) ?? []),
)

export const POST = requireOAuth('notes:write', async (request: NextRequest, { oauth: { userId = '' } }) => {
  const { text } = (await request.json()) as { text: unknown }
  if (typeof text !== 'string') return Response.json({ error: 'text is missing' }, { status: 400 })
  notes.set(userId, [...(notes.get(userId) ?? []), text])
  return Response.json({ added: text }, { status: 201 })
})
