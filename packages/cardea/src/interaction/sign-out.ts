import type { Engine } from '../core/ports/engine.ts'
import { notFound } from '../core/spec/errors.ts'
import { formOf } from '../http/params.ts'
import type { HttpRequest } from '../http/request.ts'
import type { HttpResponse } from '../http/response.ts'
import { endSession, type SignedIn, signedInHere } from './browser.ts'
import { comesFromHere, type FormContext, formProof, isProof } from './form-proof.ts'
import type { Present } from './presenter.ts'
import { displayName } from './views.ts'

const contextOf = (signedIn: SignedIn): FormContext => ({
  subject: 'sign-out',
  browser: '',
  session: signedIn.session.digest,
})

/** Asks, then ends the session. A link alone signs nobody out (logout CSRF). */
export function signOutEndpoint(engine: Engine, options: { readonly path: string; readonly present: Present }) {
  // What the host signed in, only the host can sign out.
  const mustBeOurs = (): void => {
    if (engine.hostSignIn !== undefined) throw notFound('host_signs_out', 'There is no such page')
  }
  const page = (signedIn: SignedIn | undefined, status: number): HttpResponse => {
    const user = signedIn === undefined ? undefined : { displayName: displayName(signedIn) }
    const csrf = signedIn === undefined ? '' : formProof(engine, contextOf(signedIn))
    return options.present('signOut', { action: options.path, csrf, user, done: false }, { status })
  }
  return {
    GET: async (request: HttpRequest): Promise<HttpResponse> => {
      mustBeOurs()
      return page(await signedInHere(engine, request), 200)
    },
    POST: async (request: HttpRequest): Promise<HttpResponse> => {
      mustBeOurs()
      const signedIn = await signedInHere(engine, request)
      const params = await formOf(request)
      if (signedIn === undefined) return page(undefined, 200)
      if (!comesFromHere(engine, request) || !isProof(engine, contextOf(signedIn), params.get('csrf')))
        return page(signedIn, 403)
      const cookie = await endSession(engine, request)
      await engine.emit({ type: 'signed_out', userId: signedIn.user.id })
      return options.present(
        'signOut',
        { action: options.path, csrf: '', user: undefined, done: true },
        { cookies: [cookie] },
      )
    },
  }
}
