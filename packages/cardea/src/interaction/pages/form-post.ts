import { html } from './html.ts'
import { layout } from './layout.ts'
import { formTarget } from './url.ts'

/** The page that carries an authorization response to the client (OAuth 2.0 Form Post Response Mode §2). */
export interface FormPostView {
  /** Display name of the issuer or product. */
  readonly title: string
  /** The redirect URI. */
  readonly action: string
  /** The response parameters in order: name and value. */
  readonly fields: readonly (readonly [string, string])[]
  /** Where `formPostScript` is served from, on this origin. */
  readonly scriptSrc: string
}

/**
 * The text of the script at `scriptSrc`; serve it as `text/javascript`. It sends the form without a click. The
 * method comes from the prototype because a response parameter named `submit` would hide the form's own.
 */
export const formPostScript = `const form = document.getElementById('form-post')
if (form instanceof HTMLFormElement) HTMLFormElement.prototype.submit.call(form)
`

/** Renders the page of the response mode `form_post`; its button is for browsers without script. */
export function formPostPage(view: FormPostView): string {
  const content = html`<h1>Back to the application</h1>
<p>You are being sent back. If nothing happens, press Continue.</p>
<form id="form-post" method="post" action="${formTarget(view.action)}" autocomplete="off">
${view.fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="actions">
<button class="primary" type="submit">Continue</button>
</div>
</form>`
  const head = html`<script src="${view.scriptSrc}" defer></script>
`
  return layout({ title: view.title, name: 'Back to the application', content, head })
}
