import { html, type SafeHtml } from './html.ts'
import { layout } from './layout.ts'
import { formTarget } from './url.ts'
import { waitingTime } from './waiting-time.ts'

/** The page that asks for username and password. */
export interface SignInView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** The client that sent the browser here, where there is one. */
  readonly client: { readonly name: string } | undefined
  /** Where the form is posted: fields `csrf`, `username`, `password`, button `action` = `sign_in`. */
  readonly action: string
  /** Goes back with the form, in a hidden field of that name. */
  readonly csrf: string
  /** What was typed before, or a login hint; empty for a fresh form. */
  readonly username: string
  /** Why the form is shown again. It must be the same for an unknown user and a wrong password. */
  readonly problem: undefined | 'wrong_credentials' | 'too_many_attempts' | 'form_expired'
  /** With `too_many_attempts`: minutes until the next try is possible. */
  readonly retryAfterMinutes?: number
  /** Where the second button, `action` = `cancel`, posts the form; without it there is no such button. */
  readonly cancelAction?: string
}

function explain(view: SignInView): string | undefined {
  switch (view.problem) {
    case undefined:
      return undefined
    case 'wrong_credentials':
      return 'That username and password do not match. Please check both and try again.'
    case 'too_many_attempts':
      return `Too many attempts. Please try again ${waitingTime(view.retryAfterMinutes)}.`
    case 'form_expired':
      return 'This page was open for too long. Please sign in again.'
  }
}

function attributes(view: SignInView): { readonly username: SafeHtml; readonly password: SafeHtml } {
  // The field that was wrong takes the focus with its explanation: an alert in a page that has just been loaded is
  // not announced by every screen reader.
  const described = view.problem !== undefined && html` aria-describedby="problem"`
  const invalid = view.problem === 'wrong_credentials' && html` aria-invalid="true"`
  const start = html` autofocus`
  const waiting = view.problem === 'too_many_attempts'
  return {
    username: html`${described}${invalid}${!waiting && view.username === '' && start}`,
    password: html`${described}${invalid}${!waiting && view.username !== '' && start}`,
  }
}

/** Renders the sign-in page. */
export function signInPage(view: SignInView): string {
  const problem = explain(view)
  const extra = attributes(view)
  // The form's first button is the one that Enter presses, so Cancel has to come after it.
  const content = html`<h1>Sign in</h1>
${view.client && html`<p class="lede">to continue to <strong><bdi>${view.client.name}</bdi></strong></p>`}
${problem !== undefined && html`<p class="alert" role="alert" id="problem">${problem}</p>`}
<form method="post" action="${formTarget(view.action)}">
<input type="hidden" name="csrf" value="${view.csrf}">
<div class="field">
<label for="username">Username</label>
<input id="username" name="username" type="text" value="${view.username}" autocomplete="username" autocapitalize="none" spellcheck="false" required${extra.username}>
</div>
<div class="field">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${extra.password}>
</div>
<div class="actions">
<button class="primary" type="submit" name="action" value="sign_in">Sign in</button>
${
  view.cancelAction !== undefined &&
  html`<button type="submit" name="action" value="cancel" formaction="${formTarget(view.cancelAction)}" formnovalidate>Cancel</button>`
}
</div>
</form>`
  return layout({ title: view.title, name: problem === undefined ? 'Sign in' : 'Error: Sign in', content })
}
