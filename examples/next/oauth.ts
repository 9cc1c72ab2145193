import { createProvider, type Provider } from 'cardea'
import { protector } from 'cardea/next'
import { seededStore } from '../seeded-store.ts'

const issuer = process.env.ISSUER ?? 'http://127.0.0.1:3000/oauth'

async function start(): Promise<Provider> {
  // Keep the secret outside the code. A new one at every start only makes open pages and the refresh window forget.
  const secret = process.env.SECRET ?? crypto.randomUUID()
  return createProvider({ issuer, store: await seededStore(), secrets: [secret], title: 'Notes' })
}

// Next.js may load a module once for every route, and again after a change: one process has one server all the same.
const shared = globalThis as typeof globalThis & { notesProvider?: Promise<Provider> }

/** Made with the first request, since Next.js also loads this while it builds. */
export function provider(): Promise<Provider> {
  shared.notesProvider ??= start()
  return shared.notesProvider
}

export const { requireOAuth } = protector(provider)
