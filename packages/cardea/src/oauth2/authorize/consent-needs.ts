import type { Engine } from '../../core/ports/engine.ts'
import { ProtocolError } from '../../core/spec/errors.ts'
import type { SignedIn } from '../../interaction/browser.ts'
import { consentIsNeeded } from '../../interaction/consent-need.ts'
import type { AuthorizationRequest } from './request.ts'
import { isAcrMet } from './sign-in-facts.ts'
import { type AuthorizationChecks, grantTypeOf } from './validate.ts'

/** What stands between a request and its answer. */
export interface Needs {
  readonly signIn: boolean
  readonly consent: boolean
}

/** OIDC Core §3.1.2.1: `max_age=0` means the same as `prompt=login`, even in the second in which somebody signed in. */
export const demandsSignIn = ({ prompt, maxAge }: AuthorizationRequest): boolean =>
  prompt.includes('login') || prompt.includes('select_account') || maxAge === 0

/** The person has to prove who they are once more, whatever class the sign-in is of. */
export function isTooOld(engine: Engine, request: AuthorizationRequest, { session }: SignedIn): boolean {
  const { maxAge } = request
  return demandsSignIn(request) || (maxAge !== undefined && engine.clock.now() - session.authTime > maxAge)
}

const signInIsStale = (engine: Engine, request: AuthorizationRequest, signedIn: SignedIn): boolean =>
  isTooOld(engine, request, signedIn) || !isAcrMet(engine.settings, request, signedIn.session)

async function needsOf(engine: Engine, request: AuthorizationRequest, signedIn: SignedIn | undefined): Promise<Needs> {
  if (signedIn === undefined) return { signIn: true, consent: true }
  const consent =
    request.prompt.includes('consent') || (await consentIsNeeded(engine, request.client, signedIn.user.id, request))
  return { signIn: signInIsStale(engine, request, signedIn), consent }
}

/** Whether the person must sign in or be asked, with the hooks around it. */
export async function checkedNeeds(
  engine: Engine,
  { hooks }: AuthorizationChecks,
  request: AuthorizationRequest,
  signedIn: SignedIn | undefined,
): Promise<Needs> {
  const step = {
    client: request.client,
    grantType: grantTypeOf(request.responseType),
    authorization: request,
    ...(signedIn !== undefined && { userId: signedIn.user.id }),
  }
  await hooks.beforeValidateConsentRequest?.({ ...step })
  const needs = await needsOf(engine, request, signedIn)
  await hooks.afterValidateConsentRequest?.({ ...step })
  return needs
}

/** OIDC Core §3.1.2.6: what `prompt=none` is answered with. */
export const unanswerable = ({ signIn }: Needs): ProtocolError =>
  signIn
    ? new ProtocolError('login_required', 'prompt_none_without_session', { description: 'The user must sign in' })
    : new ProtocolError('consent_required', 'prompt_none_without_consent', {
        description: 'The user must be asked for consent',
      })
