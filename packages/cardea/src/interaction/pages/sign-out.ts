import { doorShut } from './door.ts'
import { html, type SafeHtml } from './html.ts'
import { layout } from './layout.ts'
import { formTarget } from './url.ts'

/** The page that asks whether to sign out, and says what has become of it. */
export interface SignOutView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** Where the question is posted: `csrf`, button `action` = `sign_out`. */
  readonly action: string
  /** Goes back with the form, in a hidden field of that name. */
  readonly csrf: string
  /** Who is signed in. */
  readonly user: { readonly displayName: string } | undefined
  /** Whether the session has just been ended; then nothing is asked. */
  readonly done: boolean
}

function question(view: SignOutView, displayName: string): SafeHtml {
  return html`<h1>Sign out?</h1>
<p>You are signed in as <strong><bdi>${displayName}</bdi></strong>. To stay signed in, close this page.</p>
<form method="post" action="${formTarget(view.action)}" autocomplete="off">
<input type="hidden" name="csrf" value="${view.csrf}">
<div class="actions">
<button class="primary" type="submit" name="action" value="sign_out">Sign out</button>
</div>
</form>`
}

function statement(heading: string, message: string): SafeHtml {
  return html`${doorShut}
<h1>${heading}</h1>
<p>${message}</p>`
}

/** Renders the sign-out page: its question, its confirmation, or that nobody is signed in. */
export function signOutPage(view: SignOutView): string {
  if (view.done) {
    const content = statement('You are signed out', 'You can close this page.')
    return layout({ title: view.title, name: 'Signed out', content })
  }
  if (view.user === undefined) {
    const content = statement('You are not signed in', 'There is nothing to sign out of. You can close this page.')
    return layout({ title: view.title, name: 'Not signed in', content })
  }
  return layout({ title: view.title, name: 'Sign out', content: question(view, view.user.displayName) })
}
