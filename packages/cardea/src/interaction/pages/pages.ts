import { type AnsweredView, answeredPage } from './answered.ts'
import { type ConsentView, consentPage } from './consent.ts'
import { type DeniedView, deniedPage } from './denied.ts'
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
  readonly signIn: (view: SignInView) => string
  readonly consent: (view: ConsentView) => string
  readonly denied: (view: DeniedView) => string
  readonly answered: (view: AnsweredView) => string
  readonly error: (view: ErrorView) => string
  readonly signOut: (view: SignOutView) => string
  readonly formPost: (view: FormPostView) => string
  readonly verifier: (view: VerifierView) => string
}

/** Cardea's own pages: English, light and dark, without any script except on `formPost`. */
export const defaultPages: Pages = {
  signIn: signInPage,
  consent: consentPage,
  denied: deniedPage,
  answered: answeredPage,
  error: errorPage,
  signOut: signOutPage,
  formPost: formPostPage,
  verifier: verifierPage,
}
