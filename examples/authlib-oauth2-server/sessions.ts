import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { scryptHasher } from 'cardea'
import type { Request, Response } from 'express'
import type { User } from './models.ts'

export interface SignedIn {
  readonly user: User
  /** Epoch seconds. */
  readonly authTime: number
}

const cookie = 'session'
const secondsADay = 86_400
const now = (): number => Math.floor(Date.now() / 1000)
const digestOf = (value: string): string => createHash('sha256').update(value).digest('base64url')

function sessionIn(request: Request): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([name]) => name === cookie)?.[1]
}

/** The application's own sign-in: what `request.user` is in Django. */
export function sessions(database: DatabaseSync, secure: boolean) {
  const found = database.prepare(
    `SELECT user.id, user.username, user.name, session.signed_in_at FROM session JOIN user ON user.id = session.user_id
     WHERE session.digest = ? AND session.signed_in_at > ?`,
  )
  const byName = database.prepare('SELECT id, password FROM user WHERE username = ?')
  const insertion = database.prepare('INSERT INTO session (digest, user_id, signed_in_at) VALUES (?, ?, ?)')
  const deletion = database.prepare('DELETE FROM session WHERE digest = ?')
  // An unknown name costs the same hash as a known one, so that time does not tell who has an account here.
  const nobody = scryptHasher.hash('nobody has this password')
  const options = { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: secondsADay * 1000 } as const
  const end = (request: Request): void => {
    const value = sessionIn(request)
    if (value !== undefined) deletion.run(digestOf(value))
  }
  return {
    signedIn(request: Request): SignedIn | undefined {
      const value = sessionIn(request)
      const row = value === undefined ? undefined : found.get(digestOf(value), now() - secondsADay)
      if (row === undefined) return undefined
      const { id, username, name, signed_in_at } = row as unknown as User & { signed_in_at: number }
      return { user: { id, username, name }, authTime: signed_in_at }
    },
    async signIn(request: Request, response: Response, username: string, password: string): Promise<boolean> {
      const user = byName.get(username) as { id: number; password: string } | undefined
      const matches = await scryptHasher.verify(user?.password ?? (await nobody), password)
      if (user === undefined || !matches) return false
      end(request)
      const value = randomBytes(32).toString('base64url')
      insertion.run(digestOf(value), user.id, now())
      response.cookie(cookie, value, options)
      return true
    },
    signOut(request: Request, response: Response): void {
      end(request)
      response.clearCookie(cookie, options)
    },
  }
}
