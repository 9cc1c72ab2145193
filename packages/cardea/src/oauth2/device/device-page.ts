import type { DeviceRequest } from '../../core/model/device-request.ts'
import type { TokenDigest } from '../../core/model/digest.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import { formOf, type Params, parseParams } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import { type HttpResponse, seeOther } from '../../http/response.ts'
import { beginInteraction } from '../../interaction/begin.ts'
import { browserOf, endSession, newBrowser, type SignedIn, signedInHere } from '../../interaction/browser.ts'
import { comesFromHere, type FormContext, formProof, isProof } from '../../interaction/form-proof.ts'
import { hostSignInPage } from '../../interaction/host-session.ts'
import type { DeviceCodeView } from '../../interaction/pages/device-code.ts'
import type { Present } from '../../interaction/presenter.ts'
import { displayName } from '../../interaction/views.ts'
import { deviceAsked } from './device-interaction.ts'
import { shownUserCode, typedUserCode, type UserCodeKind } from './user-code.ts'
import { deviceByUserCode } from './user-code-guesses.ts'

export interface DevicePageOptions {
  readonly path: string
  readonly interactionPath: string
  readonly userCode: UserCodeKind
  readonly present: Present
}

/** Who is in front of the page. */
interface Visitor {
  readonly browser: TokenDigest
  /** To be set, where the browser is new. */
  readonly cookie: string | undefined
  readonly signedIn: SignedIn | undefined
}

interface Shown {
  /** As it was typed, or came with the link. */
  readonly userCode: string
  readonly problem?: Exclude<DeviceCodeView['problem'], undefined>
  /** Seconds. */
  readonly retryAfter?: number
}

const statusOf = { missing: 400, malformed: 400, unknown: 400, too_many_attempts: 429, form_expired: 403 } as const

/** Longer ones are none, and whatever was typed is shown again: in an address, too, where half a character cannot stand. */
const longestTyped = 64

const typed = (params: Params): string => (params.get('user_code') ?? '').slice(0, longestTyped).toWellFormed().trim()

async function visitorOf(engine: Engine, request: HttpRequest): Promise<Visitor> {
  const signedIn = await signedInHere(engine, request)
  const known = browserOf(engine, request)
  return { signedIn, ...(known === undefined ? newBrowser(engine) : { browser: known, cookie: undefined }) }
}

/** A form of another site must not choose the code for a person, who would be asked at once. */
const contextOf = ({ browser, signedIn }: Visitor): FormContext => ({
  subject: 'device',
  browser,
  session: signedIn?.session.digest,
})

function show(
  engine: Engine,
  { path, present, userCode: kind }: DevicePageOptions,
  visitor: Visitor,
  { problem, retryAfter, userCode }: Shown,
): HttpResponse {
  const { cookie, signedIn } = visitor
  const code = typedUserCode(kind, userCode)
  const view = {
    action: path,
    csrf: formProof(engine, contextOf(visitor)),
    kind,
    userCode: code === undefined ? userCode : shownUserCode(kind, code),
    user: signedIn === undefined ? undefined : { displayName: displayName(signedIn) },
    problem,
    ...(retryAfter !== undefined && { retryAfterMinutes: Math.ceil(retryAfter / 60) }),
  }
  return present('deviceCode', view, {
    status: problem === undefined ? 200 : statusOf[problem],
    ...(cookie !== undefined && { cookies: [cookie] }),
    ...(retryAfter !== undefined && { retryAfter }),
  })
}

/** Before the code belongs to anybody, and so before anybody is asked. */
async function switchAccount(engine: Engine, { path }: DevicePageOptions, request: HttpRequest, userCode: string) {
  if (engine.hostSignIn !== undefined) return seeOther(await hostSignInPage(engine, request))
  const back = userCode === '' ? path : `${path}?user_code=${encodeURIComponent(userCode)}`
  return seeOther(back, { 'set-cookie': await endSession(engine, request) })
}

/** What comes of a code; a text for a problem with it. */
async function lookedUp(
  engine: Engine,
  kind: UserCodeKind,
  request: HttpRequest,
  { signedIn }: Visitor,
  userCode: string,
): Promise<{ readonly code: string; readonly device: DeviceRequest } | Omit<Shown, 'userCode'>> {
  if (userCode === '') return { problem: 'missing' }
  const code = typedUserCode(kind, userCode)
  // No guess: a code of another shape than ours is nobody's.
  if (code === undefined) return { problem: 'malformed' }
  try {
    const { remoteAddress } = request
    const device = await deviceByUserCode(engine, { code, remoteAddress, userId: signedIn?.user.id })
    return device === undefined ? { problem: 'unknown' } : { code, device }
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== 'too_many_requests') throw error
    return { problem: 'too_many_attempts', retryAfter: error.retryAfter ?? 60 }
  }
}

/**
 * RFC 8628 §3.3: the page at `verification_uri`. Opening it, with a code in the address too, does nothing (§3.3.1, §5.4);
 * posting a code leads to the sign-in and consent pages, where the person decides.
 */
export function devicePage(engine: Engine, options: DevicePageOptions) {
  const { interactionPath, userCode: kind } = options
  return {
    GET: async (request: HttpRequest): Promise<HttpResponse> =>
      show(engine, options, await visitorOf(engine, request), { userCode: typed(parseParams(request.query)) }),
    POST: async (request: HttpRequest): Promise<HttpResponse> => {
      const params = await formOf(request)
      const userCode = typed(params)
      const visitor = await visitorOf(engine, request)
      const proven = comesFromHere(engine, request) && isProof(engine, contextOf(visitor), params.get('csrf'))
      if (!proven) return show(engine, options, visitor, { userCode, problem: 'form_expired' })
      if (params.get('action') === 'switch_account') return switchAccount(engine, options, request, userCode)
      const found = await lookedUp(engine, kind, request, visitor, userCode)
      if (!('device' in found)) return show(engine, options, visitor, { userCode, ...found })
      const asked = deviceAsked(engine, found.device, shownUserCode(kind, found.code))
      return beginInteraction(engine, request, asked, interactionPath)
    },
  }
}
