import { type AnsweredView, answeredPage } from './answered.ts'
import { type ClientErrorView, clientErrorPage } from './client-error.ts'
import { type ConsentView, consentPage } from './consent.ts'
import { type DeniedView, deniedPage } from './denied.ts'
import { type DeviceCodeView, deviceCodePage } from './device-code.ts'
import { type DeviceDoneView, deviceDonePage } from './device-done.ts'
import { type ErrorView, errorPage } from './error.ts'
import { type FormPostView, formPostPage } from './form-post.ts'
import { type SignInView, signInPage } from './sign-in.ts'
import { type SignOutView, signOutPage } from './sign-out.ts'
import { type VerifierView, verifierPage } from './verifier.ts'

/**
 * What people see, one pure function from view model to HTML document per page. A host replaces any single one:
 * `{ ...defaultPages, signIn: mySignIn }`. It keeps the field and button names of the view model's description,
 * escapes every value, and brings styles that the host's content security policy allows.
 */
export interface Pages {
  /** Asks for name and password. */
  readonly signIn: (view: SignInView) => string
  /** Asks whether a client may have what it asked for. */
  readonly consent: (view: ConsentView) => string
  /** Says that nothing was allowed, where nobody can be sent back. */
  readonly denied: (view: DeniedView) => string
  /** Says that the question has been answered already. */
  readonly answered: (view: AnsweredView) => string
  /** Says what is wrong with a request that cannot be sent back. */
  readonly error: (view: ErrorView) => string
  /** Says what is wrong with a request of a client that nobody has looked at, before the client is told. */
  readonly clientError: (view: ClientErrorView) => string
  /** Asks whether to sign out. */
  readonly signOut: (view: SignOutView) => string
  /** Sends the answer on as a form, for `response_mode=form_post`. */
  readonly formPost: (view: FormPostView) => string
  /** Shows the verifier of OAuth 1, for a client that cannot be called back. */
  readonly verifier: (view: VerifierView) => string
  /** Asks for the code that a device shows (RFC 8628). */
  readonly deviceCode: (view: DeviceCodeView) => string
  /** Says what has become of a device, which the person now goes back to. */
  readonly deviceDone: (view: DeviceDoneView) => string
}

/** Cardea's own pages: English, light and dark, without any script except on `formPost`. */
export const defaultPages: Pages = {
  signIn: signInPage,
  consent: consentPage,
  denied: deniedPage,
  answered: answeredPage,
  error: errorPage,
  clientError: clientErrorPage,
  signOut: signOutPage,
  formPost: formPostPage,
  verifier: verifierPage,
  deviceCode: deviceCodePage,
  deviceDone: deviceDonePage,
}
