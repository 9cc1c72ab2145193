import { digestOf } from '../core/crypto/digest.ts'
import type { Session } from '../core/model/session.ts'
import type { User } from '../core/model/user.ts'
import { anySignIn, type WantedSignIn } from '../core/model/wanted-sign-in.ts'
import type { Engine } from '../core/ports/engine.ts'
import type { HostSession, HostSignIn, HostUser, SignInPage } from '../core/ports/host-sign-in.ts'
import { ProtocolError } from '../core/spec/errors.ts'
import { originForm } from '../http/origin-form.ts'
import type { HttpRequest } from '../http/request.ts'
import type { SignedIn } from './browser.ts'

/** Long enough for one request: a host's session is asked for anew each time. */
const farAway = 253402300799

/** A user without an id, such as a session that is over, must not become the user named `undefined`. */
export function userIdOf(user: unknown, option: string): string {
  const id: unknown = typeof user === 'object' && user !== null && 'id' in user ? user.id : undefined
  if ((typeof id === 'string' && id !== '') || Number.isSafeInteger(id)) return String(id)
  throw new TypeError(`${option}: must be a user with an id`)
}

export function userFrom(user: HostUser, option: string): User {
  const id = userIdOf(user, option)
  const { username, name, email, disabled, ...others } = user
  return {
    // What else the host knows stays: groups and roles are asked for on protected routes.
    ...others,
    id,
    username: username || id,
    ...(name && { name }),
    ...(email && { email }),
    ...(disabled && { disabled: true }),
  }
}

/** No sign-in was that late: it is in milliseconds, and would meet every demand for a fresh one. */
const tooLate = 100_000_000_000

function authTimeOf({ authTime }: HostSession): number {
  const told: unknown = authTime ?? 0
  if (typeof told === 'number' && told >= 0 && told < tooLate) return Math.floor(told)
  throw new TypeError(`authTime: must be seconds since 1970, got ${typeof told === 'number' ? told : typeof told}`)
}

/** Somebody whom the host vouches for, as the engine knows who is signed in. */
export function signedInAtHost(session: HostSession, option: string): SignedIn {
  const { user, acr, amr, sessionId } = session
  const known = userFrom(user, option)
  const authTime = authTimeOf(session)
  const kept: Session = {
    digest: digestOf(`host session ${known.id} ${sessionId ?? authTime}`),
    userId: known.id,
    authTime,
    expiresAt: farAway,
    ...(acr !== undefined && { acr }),
    ...(amr !== undefined && { amr }),
  }
  return { session: kept, user: known, ofHost: true }
}

function mustBePage(page: string): string {
  // A path, or another site by https: nothing else that a browser might run.
  if (/^\/(?![/\\])|^https?:\/\//.test(page)) return page
  throw new TypeError(
    `authenticateUser: the page to sign in at must be a path or an http(s) URL, got ${JSON.stringify(page)}`,
  )
}

function login(page: string, parameter: string, returnTo: string): SignInPage {
  const mark = page.includes('?') ? '&' : '?'
  return { signInAt: `${mustBePage(page)}${mark}${parameter}=${encodeURIComponent(returnTo)}` }
}

/** Path and query of this request, for the way back: never another site, whatever the request line says (open redirect). */
export function ownAddress({ target }: HttpRequest): string {
  const address = originForm(target)
  return /^\/(?![/\\])/.test(address) ? address : '/'
}

const isPage = (answer: object): answer is SignInPage => 'signInAt' in answer

/** Why the host is asked. */
interface HostAsked {
  /** Whoever is signed in has to prove it again. */
  readonly again: boolean
  /** Absent: nothing is wanted of the sign-in. */
  readonly wanted?: WantedSignIn | undefined
}

/**
 * Who is signed in by the host's own sessions, or where to sign in.
 * @throws TypeError for an answer that is neither
 */
export async function askHost(
  ask: HostSignIn,
  request: HttpRequest,
  { again, wanted: { acrValues, maxAge } = anySignIn }: HostAsked,
): Promise<SignedIn | SignInPage> {
  const returnTo = ownAddress(request)
  const answer: unknown = await ask({
    raw: request.raw,
    header: (name) => request.header(name),
    returnTo,
    again,
    acrValues,
    maxAge,
    login: (page, parameter = 'return_to') => login(page, parameter, returnTo),
  })
  if (typeof answer !== 'object' || answer === null)
    throw new TypeError('authenticateUser: must return a user, { user }, or login(page) where nobody is signed in')
  if (isPage(answer)) return { signInAt: mustBePage(answer.signInAt) }
  return signedInAtHost('user' in answer ? (answer as HostSession) : { user: answer as HostUser }, 'authenticateUser')
}

/** The way to the host's page; a host that names none although it was asked to has nobody to grant anything. */
export async function hostSignInPage(engine: Engine, request: HttpRequest, wanted?: WantedSignIn): Promise<string> {
  const ask = engine.hostSignIn
  const answer = ask === undefined ? undefined : await askHost(ask, request, { again: true, wanted })
  if (answer !== undefined && isPage(answer)) return answer.signInAt
  throw new ProtocolError('login_required', 'host_names_no_page', { description: 'The user must sign in' })
}
