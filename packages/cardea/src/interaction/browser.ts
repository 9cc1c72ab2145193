import { digestOf } from '../core/crypto/digest.ts'
import { isWellFormed, lookupDigest, mintToken } from '../core/crypto/token-text.ts'
import type { TokenDigest } from '../core/model/digest.ts'
import type { Session } from '../core/model/session.ts'
import type { User } from '../core/model/user.ts'
import type { WantedSignIn } from '../core/model/wanted-sign-in.ts'
import type { AuthenticatedUser } from '../core/ports/accounts.ts'
import type { Engine } from '../core/ports/engine.ts'
import { cookieName, cookieOf, setCookie } from '../http/cookies.ts'
import type { HttpRequest } from '../http/request.ts'
import { askHost } from './host-session.ts'

const browserCookie = 'cardea_browser'
const sessionCookie = 'cardea_session'

/** Digest of the cookie that ties interactions to the browser that began them; undefined when there is none. */
export function browserOf(engine: Engine, request: HttpRequest): TokenDigest | undefined {
  const value = cookieOf(request, cookieName(browserCookie, engine.settings))
  return value !== undefined && isWellFormed('browser', value) ? digestOf(value) : undefined
}

/** A new browser cookie: it proves only that two requests come from one browser, never who sits there. */
export function newBrowser(engine: Engine): { browser: TokenDigest; cookie: string } {
  const value = mintToken('browser')
  const secure = engine.settings.secureCookies
  return { browser: digestOf(value), cookie: setCookie(cookieName(browserCookie, engine.settings), value, { secure }) }
}

/** Who is signed in. */
export interface SignedIn {
  /** Their sign-in. */
  readonly session: Session
  /** Who it is. */
  readonly user: User
  /** The session is the host's: it is kept nowhere here, so nothing can be tied to its end. */
  readonly ofHost?: true
}

/** The session that what is granted is tied to. */
export const sessionIdOf = ({ session, ofHost }: SignedIn): { readonly sessionId?: TokenDigest } =>
  ofHost ? {} : { sessionId: session.digest }

const sessionDigestOf = (engine: Engine, request: HttpRequest): TokenDigest | undefined => {
  const value = cookieOf(request, cookieName(sessionCookie, engine.settings))
  return value === undefined ? undefined : lookupDigest('session', value)
}

/** Who is signed in here, if the session and the user still stand. `wanted` is told to a host that is asked. */
export async function signedInHere(
  engine: Engine,
  request: HttpRequest,
  wanted?: WantedSignIn,
): Promise<SignedIn | undefined> {
  if (engine.hostSignIn !== undefined) {
    const answer = await askHost(engine.hostSignIn, request, { again: false, wanted })
    return 'signInAt' in answer || answer.user.disabled ? undefined : answer
  }
  const digest = sessionDigestOf(engine, request)
  const session = digest === undefined ? undefined : await engine.store.sessions.find(digest)
  if (session === undefined || engine.clock.now() >= session.expiresAt) return undefined
  const user = await engine.accounts.find(session.userId)
  return user === undefined ? undefined : { session, user }
}

/**
 * Begins a session under a new id, and ends the one this browser had: an id from before the sign-in never becomes a
 * session (session fixation). Returns the cookie, or undefined when the user was ended, or the password changed, meanwhile.
 */
export async function beginSession(
  engine: Engine,
  request: HttpRequest,
  user: AuthenticatedUser,
): Promise<string | undefined> {
  const now = engine.clock.now()
  const value = mintToken('session')
  const session: Session = {
    digest: digestOf(value),
    userId: user.id,
    authTime: now,
    expiresAt: now + engine.settings.lifetimes.session,
    ...(user.acr !== undefined && { acr: user.acr }),
    ...(user.amr !== undefined && { amr: user.amr }),
  }
  const { inStore } = engine.accounts
  if (!(await engine.store.sessions.save(session, inStore, inStore ? user.passwordDigest : undefined))) return undefined
  const previous = sessionDigestOf(engine, request)
  if (previous !== undefined) await engine.store.sessions.delete(previous)
  const secure = engine.settings.secureCookies
  return setCookie(cookieName(sessionCookie, engine.settings), value, {
    secure,
    maxAge: engine.settings.lifetimes.session,
  })
}

/** Ends the session on the server, so that copies of its cookie die too. Returns the cookie that clears it. */
export async function endSession(engine: Engine, request: HttpRequest): Promise<string> {
  const digest = sessionDigestOf(engine, request)
  if (digest !== undefined) await engine.store.sessions.delete(digest)
  const secure = engine.settings.secureCookies
  return setCookie(cookieName(sessionCookie, engine.settings), '', { secure, maxAge: 0 })
}
